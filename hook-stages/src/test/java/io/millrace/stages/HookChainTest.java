package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.stages.hooks.logging.LoggingHookFactory;
import io.millrace.stages.hooks.metrics.MetricsHookFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HookChainTest {

  private final HookEnvironment environment = new TestEnvironment().environment();

  @Test
  void shouldCreateTheDefaultChain() {
    HookChain chain = HookChain.create(BuiltInHooks.defaultChain(), environment);
    assertThat(chain.names()).containsExactly("logging", "metrics");
    assertThat(chain.hooks())
        .extracting(HookChain.ActiveHook::onError)
        .containsOnly(OnError.CONTINUE);
  }

  @Test
  void shouldRefuseAHookThatIsListedTwice() {
    HookSetting metrics = HookSetting.of(new MetricsHookFactory());
    assertThatThrownBy(() -> HookChain.create(List.of(metrics, metrics), environment))
        .hasMessage("hook 'metrics' is listed twice");
  }

  @Test
  void shouldNameHookAndKeyWhenAConfigurationIsWrong() {
    HookSetting wrong = logging(Map.of("sample", 7));
    assertThatThrownBy(() -> HookChain.create(List.of(wrong), environment))
        .hasMessageContaining("hook 'logging' cannot start")
        .hasMessageContaining("sample must be a number from 0 to 1");
    HookSetting unknown = logging(Map.of("smaple", 1));
    assertThatThrownBy(() -> HookChain.create(List.of(unknown), environment))
        .hasMessageContaining("unknown keys [smaple]; known: [preview_characters, sample]");
  }

  @Test
  void shouldCloseInReverseOrderAlsoWhenOneFails() {
    List<String> closed = new ArrayList<>();
    HookChain chain =
        new HookChain(
            List.of(
                active("a", () -> closed.add("a")),
                active(
                    "b",
                    () -> {
                      throw new IllegalStateException("does not close");
                    }),
                active("c", () -> closed.add("c"))));
    chain.close();
    assertThat(closed).containsExactly("c", "a");
  }

  private static HookSetting logging(Map<String, Object> config) {
    return new HookSetting("logging", new LoggingHookFactory(), null, null, true, config);
  }

  private static HookChain.ActiveHook active(String name, Runnable onClose) {
    Hook hook =
        new Hook() {
          @Override
          public void close() {
            onClose.run();
          }
        };
    return new HookChain.ActiveHook(name, hook, OnError.CONTINUE);
  }
}
