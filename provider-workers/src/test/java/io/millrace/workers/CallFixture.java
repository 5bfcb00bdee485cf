package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.Provider;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderHealthView;
import io.millrace.schemas.model.TrustedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What carries out attempts at a provider that does as told, in a time that passes as told. */
abstract class CallFixture {

  static final Duration TIME = Duration.ofSeconds(60);
  static final Instant END = FakeTime.START.plus(TIME);
  static final ProviderSetting SETTING = ProviderSetting.of("scripted").withModels(List.of("m"));
  static final ProviderSetting RETRYING =
      SETTING
          .withRetries(new RetrySetting(3, Duration.ofMillis(100), Duration.ofMillis(300)))
          .withTimeout(Duration.ofSeconds(10));

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final FakeTime time = new FakeTime();
  final ToldEvents told = new ToldEvents();
  @Nullable ProviderHealth health;

  static {
    TrustedRecords.trust();
  }

  /** Random values of one half: the first of two equal keys, and no jitter. */
  CallExecutor executor(Provider provider, ProviderSetting setting) {
    return new CallAssembly(
            "p", setting, view(), () -> Math.nextDown(0.5), time, workerMeters(), "w", told)
        .executor(provider);
  }

  /** Carries out one attempt that has to be over at the {@link #END}. */
  CallResult.Finished execute(Provider provider, ProviderSetting setting) {
    return finished(executor(provider, setting).execute(orderUntil(END)));
  }

  ModelGates gates(ProviderSetting setting) {
    return new ModelGates("p", setting, view(), () -> 0.5, time, workerMeters().calls(), "w", told);
  }

  private WorkerMeters workerMeters() {
    return new WorkerMeters(meters, "p", List.of("m"));
  }

  private ProviderHealthView view() {
    return (name, model) -> Optional.ofNullable(health);
  }

  double counted(String meter) {
    return meters.get(meter).counter().count();
  }

  CallOrder order() {
    return orderUntil(time.now().plus(TIME));
  }

  static CallOrder order(String callId, Instant deadline) {
    return new CallOrder(CompletionRequest.of("m", "hi"), "m", callId, deadline, null);
  }

  static CallOrder orderUntil(Instant deadline) {
    return order("t/r#1", deadline);
  }

  static List<ApiKeySetting> keys(String... names) {
    return Arrays.stream(names).map(name -> ApiKeySetting.of(name, "secret-" + name)).toList();
  }

  static boolean completed(CallResult result) {
    return result instanceof CallResult.Finished finished
        && finished.outcome() instanceof Completion;
  }

  static PipelineError error(CallResult result) {
    assertThat(result).isInstanceOf(CallResult.Finished.class);
    assertThat(((CallResult.Finished) result).outcome()).isInstanceOf(PipelineError.class);
    return (PipelineError) ((CallResult.Finished) result).outcome();
  }

  static CallResult.Finished finished(CallResult result) {
    assertThat(result).isInstanceOf(CallResult.Finished.class);
    return (CallResult.Finished) result;
  }

  static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
