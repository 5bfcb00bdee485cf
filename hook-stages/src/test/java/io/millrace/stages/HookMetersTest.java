package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.hook.Meters;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HookMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final HookMeters meters = new HookMeters(registry);

  @Test
  void shouldCountAndTimeByTags() {
    meters.count("calls", Map.of("provider", "one"), 2);
    meters.count("calls", Map.of("provider", "one"), 3);
    meters.time("call.time", Map.of("provider", "one"), Duration.ofMillis(40));

    assertThat(registry.counter("calls", "provider", "one").count()).isEqualTo(5);
    assertThat(registry.timer("call.time", "provider", "one").totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(40);
  }

  @Test
  void shouldCollapseFurtherSeriesWhenTheBoundIsReached() {
    for (int i = 0; i < Meters.MAX_SERIES_PER_NAME + 50; i++) {
      meters.count("calls", Map.of("model", "m" + i), 1);
    }
    meters.count("calls", Map.of("model", "m0"), 1);

    assertThat(registry.counter("calls", "model", "other").count()).isEqualTo(50);
    assertThat(registry.counter("calls", "model", "m0").count()).isEqualTo(2);
    assertThat(registry.find("calls").counters()).hasSize(Meters.MAX_SERIES_PER_NAME + 1);
  }
}
