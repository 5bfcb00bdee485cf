package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.provider.HealthReport;
import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthProbeTest {

  private final FakeTime time = new FakeTime();
  private final AtomicLong calls = new AtomicLong();
  private final List<CallTrace> found = new ArrayList<>();
  private final List<@Nullable String> keysSeen = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Optional<HealthReport> answer = Optional.of(HealthReport.ok());
  private boolean unwell;

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private HealthProbe probe(ApiKeySetting... keys) {
    return new HealthProbe(
        "p",
        new Answering(),
        List.of(keys),
        HealthSetting.defaults(),
        new HealthProbe.ProbedCalls(calls::get, () -> unwell, found::add),
        threads,
        time,
        () -> 0.5);
  }

  private final class Answering implements Provider {
    @Override
    public ProviderReply complete(ProviderRequest request) {
      throw new AssertionError("a look costs nothing");
    }

    @Override
    public Optional<HealthReport> checkHealth(HealthRequest request) {
      keysSeen.add(request.apiKey());
      if ("bad".equals(request.apiKey())) {
        return Optional.of(HealthReport.failing("refused"));
      }
      if ("broken".equals(request.apiKey())) {
        throw new IllegalStateException("it says the key: broken");
      }
      return answer;
    }
  }

  private void pass(HealthProbe probe, int seconds) throws InterruptedException {
    for (int i = 0; i < seconds; i++) {
      time.sleep(HealthProbe.TICK);
      probe.step();
    }
  }

  @Test
  void shouldLookWhenNobodyCalls() throws Exception {
    HealthProbe probe = probe();
    pass(probe, 29);
    assertThat(found).isEmpty();
    pass(probe, 1);
    assertThat(found).singleElement().satisfies(trace -> assertThat(trace.errorCode()).isNull());
    for (int i = 0; i < 100; i++) {
      calls.incrementAndGet();
      pass(probe, 1);
    }
    assertThat(found).as("not while calls show how it is").hasSize(1);
  }

  @Test
  void shouldLookOftenWhileItIsNotWell() throws Exception {
    HealthProbe probe = probe();
    unwell = true;
    pass(probe, 20);
    assertThat(found).hasSizeBetween(3, 4);
    found.clear();
    unwell = false;
    answer = Optional.of(HealthReport.failing("down"));
    pass(probe, 70);
    assertThat(found.size()).as("a failed look is repeated soon").isBetween(6, 15);
    assertThat(found.getLast().errorCode()).isEqualTo("upstream_error");
  }

  @Test
  void shouldBeContentWithOneKeyThatIsTaken() throws Exception {
    HealthProbe probe =
        probe(
            ApiKeySetting.of("1", "bad"),
            ApiKeySetting.of("2", "broken"),
            ApiKeySetting.of("3", "good"),
            ApiKeySetting.of("4", "never"));
    pass(probe, 30);
    assertThat(keysSeen).containsExactly("bad", "broken", "good");
    assertThat(found).singleElement().satisfies(trace -> assertThat(trace.errorCode()).isNull());
  }

  @Test
  void shouldEndWhereTheProviderHasNoSuchThing() throws Exception {
    answer = Optional.empty();
    HealthProbe probe = probe();
    Thread thread = Thread.ofVirtual().start(probe);
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    assertThat(found).isEmpty();
    assertThat(keysSeen).hasSize(1);
  }
}
