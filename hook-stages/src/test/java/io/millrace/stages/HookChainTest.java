package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Events.Event;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.hook.RoutePlan;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.stages.HookSwitches.Position;
import io.millrace.stages.hooks.logging.LoggingHookFactory;
import io.millrace.stages.hooks.metrics.MetricsHookFactory;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HookChainTest {

  private final TestEnvironment environment = new TestEnvironment();
  private final List<String> calls = new ArrayList<>();

  @Test
  void shouldCreateTheDefaultChain() {
    HookChain chain = create(BuiltInHooks.defaultChain());
    assertThat(chain.names())
        .containsExactly("auth", "logging", "metrics", "rate-limit", "budget", "cache");
    assertThat(chain.hooks())
        .extracting(ActiveHook::onError)
        .containsExactly(
            OnError.FAIL,
            OnError.CONTINUE,
            OnError.CONTINUE,
            OnError.FAIL,
            OnError.FAIL,
            OnError.CONTINUE);
  }

  @Test
  void shouldRefuseAHookThatIsListedTwice() {
    HookSetting metrics = HookSetting.of(new MetricsHookFactory());
    assertThatThrownBy(() -> create(List.of(metrics, metrics)))
        .hasMessage("hook 'metrics' is listed twice");
  }

  @Test
  void shouldRunOneKindOfHookUnderSeveralNames() {
    HookFactory metrics = new MetricsHookFactory();
    HookChain chain =
        create(
            List.of(
                new HookSetting("first", metrics, null, null, true, Map.of()),
                new HookSetting("second", metrics, null, null, true, Map.of())));
    assertThat(chain.names()).containsExactly("first", "second");
  }

  @Test
  void shouldNameHookAndKeyWhenAConfigurationIsWrong() {
    HookSetting wrong = logging(Map.of("sample", 7));
    assertThatThrownBy(() -> create(List.of(wrong)))
        .hasMessageContaining("hook 'logging' cannot start")
        .hasMessageContaining("sample must be a number from 0 to 1");
    HookSetting unknown = logging(Map.of("smaple", 1));
    assertThatThrownBy(() -> create(List.of(unknown)))
        .hasMessageContaining("unknown keys [smaple]; known: [preview_characters, sample]");
  }

  @Test
  void shouldRefuseARemoteHookThatChoosesRoutes() {
    HookFactory remote =
        new HookFactory() {
          @Override
          public HookDescriptor descriptor() {
            return HookDescriptor.of("far", "Waits.").remote(Duration.ofSeconds(1)).build();
          }

          @Override
          public Hook create(Map<String, Object> config, HookEnvironment unused) {
            return new Hook() {
              @Override
              public RoutePlan preRequest(RoutePlan plan, RequestContext context) {
                return plan;
              }
            };
          }
        };
    assertThatThrownBy(() -> create(List.of(HookSetting.of(remote))))
        .hasMessageContainingAll(
            "hook 'far' cannot start: it is remote and has a preRequest",
            "move what waits to preHook");
  }

  @Test
  void shouldPutLowerOrderFirstAndKeepTheListingOtherwise() {
    HookChain chain =
        create(
            List.of(
                setting("late", 5, null),
                setting("b", 0, null),
                setting("a", 0, null),
                setting("moved", 9, -1)));
    assertThat(chain.names()).containsExactly("moved", "b", "a", "late");
  }

  @Test
  void shouldNameBothHooksWhenADependencyIsMissing() {
    assertThatThrownBy(() -> create(List.of(setting("a", 0, null, "auth"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "hook 'a' depends on hook 'auth', which is not in the chain [a]; add it or take 'a'"
                + " out");
  }

  @Test
  void shouldNameBothHooksWhenADependencyComesAfter() {
    assertThatThrownBy(() -> create(List.of(setting("a", 0, null, "b"), setting("b", 0, null))))
        .hasMessage(
            "hook 'a' depends on hook 'b', which comes after it; list 'b' first or give it a lower"
                + " order");
    assertThat(create(List.of(setting("a", 0, null, "b"), setting("b", -1, null))).names())
        .containsExactly("b", "a");
  }

  @Test
  void shouldNameBothHooksWhenDependenciesGoInACircle() {
    assertThatThrownBy(
            () ->
                create(
                    List.of(
                        setting("x", 0, null),
                        setting("a", 0, null, "b"),
                        setting("b", 0, null, "c"),
                        setting("c", 0, null, "a"))))
        .hasMessage(
            "hooks 'a' and 'c' depend on each other: a → b → c → a; one of them has to do without"
                + " the other");
  }

  @Test
  void shouldInitializeInOrderAndCloseInReverseOnce() {
    HookChain chain = create(List.of(setting("a", 0, null), setting("b", 0, null)));
    assertThat(calls).isEmpty();
    chain.initialize();
    chain.close();
    chain.close();
    assertThat(calls).containsExactly("open a", "open b", "close b", "close a");
    assertThat(told())
        .containsExactly(
            "plugin-created a",
            "plugin-validated a",
            "plugin-created b",
            "plugin-validated b",
            "plugin-initialized a",
            "plugin-initialized b",
            "plugin-active a",
            "plugin-active b",
            "plugin-closed b",
            "plugin-closed a");
  }

  @Test
  void shouldStopAndCloseWhatWasOpenWhenAHookCannotBeInitialized() {
    HookChain chain =
        create(
            List.of(
                setting("a", 0, null),
                setting("b", 0, null),
                setting("broken", 0, null),
                setting("c", 0, null)));
    assertThatThrownBy(chain::initialize)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("hook 'broken' cannot start: no socket")
        .hasRootCauseInstanceOf(java.io.IOException.class);
    assertThat(calls).containsExactly("open a", "open b", "close b", "close a");
    chain.close();
    assertThat(calls).hasSize(4);
  }

  @Test
  void shouldCloseTheOthersAlsoWhenOneFails() {
    HookChain chain =
        create(
            List.of(setting("a", 0, null), setting("unclosable", 0, null), setting("c", 0, null)));
    chain.initialize();
    chain.close();
    assertThat(calls).endsWith("close c", "close a");
  }

  @Test
  void shouldFollowOrdersAndTellWhenTheyChangeSomething() {
    HookChain chain =
        create(
            List.of(
                setting("a", 0, null),
                new HookSetting("off", new Recording("off", 0), null, null, false, Map.of())));
    chain.initialize();
    assertThat(told()).contains("plugin-active a", "plugin-disabled off");
    int before = environment.events().size();

    chain.order("a", Position.OFF, "eve");
    chain.order("a", Position.OFF, "eve");
    chain.order("off", Position.ON, "eve");
    chain.order("nobody", Position.OFF, "eve");

    assertThat(chain.switches().isOn("a")).isFalse();
    assertThat(chain.switches().isOn("off")).isTrue();
    assertThat(chain.status()).extracting(HookStatus::enabled).containsExactly(false, true);
    chain.order("a", Position.AS_CONFIGURED, "configuration");
    chain.order("off", Position.AS_CONFIGURED, "configuration");
    assertThat(chain.status()).extracting(HookStatus::enabled).containsExactly(true, false);
    assertThat(told().subList(before, told().size()))
        .containsExactly(
            "plugin-disabled a", "plugin-active off", "plugin-active a", "plugin-disabled off");
    assertThat(environment.events().get(before).attributes()).containsEntry("by", "eve");
  }

  @Test
  void shouldRunAPluginsLifeUnderItsOwnClassLoader() {
    ClassLoader own = new URLClassLoader("own", new URL[0], HookFactory.class.getClassLoader());
    List<ClassLoader> seen = new ArrayList<>();
    Hook hook = (Hook) proxy(own, Hook.class, seen, null);
    HookFactory factory = (HookFactory) proxy(own, HookFactory.class, seen, hook);
    ClassLoader before = Thread.currentThread().getContextClassLoader();

    HookChain chain =
        create(List.of(new HookSetting("isolated", factory, null, null, true, Map.of())));
    chain.initialize();
    chain.close();

    assertThat(seen).hasSize(3).containsOnly(own);
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  /** An object of a class that belongs to a loader, which notes the thread's loader. */
  private static Object proxy(
      ClassLoader loader, Class<?> type, List<ClassLoader> seen, @Nullable Hook created) {
    HookDescriptor descriptor = HookDescriptor.of("isolated", "Has its own classes.").build();
    return Proxy.newProxyInstance(
        loader,
        new Class<?>[] {type},
        (self, method, arguments) -> {
          if (method.getName().equals("descriptor")) {
            return descriptor;
          }
          if (List.of("create", "initialize", "close").contains(method.getName())) {
            seen.add(Thread.currentThread().getContextClassLoader());
          }
          return created;
        });
  }

  private HookChain create(List<HookSetting> settings) {
    return HookChain.create(settings, name -> environment.environment(), environment);
  }

  private List<String> told() {
    return environment.events().stream()
        .map((Event event) -> event.type() + " " + event.attributes().get("hook"))
        .toList();
  }

  private static HookSetting logging(Map<String, Object> config) {
    return new HookSetting("logging", new LoggingHookFactory(), null, null, true, config);
  }

  private HookSetting setting(
      String name, int own, @Nullable Integer configured, String... dependsOn) {
    return new HookSetting(
        name, new Recording(name, own, dependsOn), null, configured, true, Map.of());
  }

  private final class Recording implements HookFactory {

    private final HookDescriptor descriptor;

    Recording(String name, int order, String... dependsOn) {
      descriptor =
          HookDescriptor.of(name, "Records its life.").order(order).dependsOn(dependsOn).build();
    }

    @Override
    public HookDescriptor descriptor() {
      return descriptor;
    }

    @Override
    public Hook create(Map<String, Object> config, HookEnvironment surroundings) {
      return new Hook() {
        @Override
        public void initialize() throws java.io.IOException {
          if (descriptor.name().equals("broken")) {
            throw new java.io.IOException("no socket");
          }
          calls.add("open " + descriptor.name());
        }

        @Override
        public void close() {
          if (descriptor.name().equals("unclosable")) {
            throw new IllegalStateException("does not close");
          }
          calls.add("close " + descriptor.name());
        }
      };
    }
  }
}
