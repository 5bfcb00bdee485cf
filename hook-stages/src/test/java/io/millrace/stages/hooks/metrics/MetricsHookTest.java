package io.millrace.stages.hooks.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Usage;
import io.millrace.stages.FixedContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetricsHookTest {

  private final Map<String, Long> counted = new TreeMap<>();
  private final Map<String, Duration> timed = new TreeMap<>();
  private final HookEnvironment environment =
      new HookEnvironment(InstantSource.system(), new Recorded());
  private final Hook hook = new MetricsHookFactory().create(Map.of(), environment);
  private final FixedContext context = new FixedContext("r1");

  @Test
  void shouldCountTheAttemptAndItsTokensWhenItSucceeds() {
    hook.preHook(CompletionRequest.of("m", "hello"), context);
    hook.postHook(Completion.ofText("c", "m", 1, "hi", Usage.of(5, 2)), context);

    assertThat(counted)
        .containsEntry(
            "millrace.attempts{lane=standard, model=small, outcome=ok, provider=one}", 1L)
        .containsEntry("millrace.tokens{kind=prompt, model=small, provider=one}", 5L)
        .containsEntry("millrace.tokens{kind=completion, model=small, provider=one}", 2L);
    assertThat(timed)
        .containsEntry("millrace.attempt.time{model=small, provider=one}", Duration.ZERO);
  }

  @Test
  void shouldCountTheErrorsCodeWhenItFails() {
    hook.postHook(ErrorCode.UPSTREAM_TIMEOUT.error("slow"), context);
    assertThat(counted)
        .containsOnlyKeys(
            "millrace.attempts{lane=standard, model=small, outcome=upstream_timeout,"
                + " provider=one}");
    assertThat(timed).as("its PreHook never ran").isEmpty();
  }

  @Test
  void shouldRefuseAnyConfiguration() {
    assertThatThrownBy(() -> new MetricsHookFactory().create(Map.of("x", 1), environment))
        .hasMessage("metrics takes no configuration, found [x]");
  }

  private final class Recorded implements Meters {
    @Override
    public void count(String name, Map<String, String> tags, long amount) {
      counted.merge(name + new TreeMap<>(tags), amount, Long::sum);
    }

    @Override
    public void time(String name, Map<String, String> tags, Duration duration) {
      timed.put(name + new TreeMap<>(tags), duration);
    }
  }
}
