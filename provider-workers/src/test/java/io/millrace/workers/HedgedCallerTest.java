package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.schemas.avro.Lane;
import io.millrace.workers.gate.CallControls;
import io.millrace.workers.gate.HedgeSetting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HedgedCallerTest {

  private static final Duration SOON = Duration.ofMillis(1);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> secrets = new CopyOnWriteArrayList<>();
  private final AtomicInteger givenUp = new AtomicInteger();
  private final CountDownLatch firstBegun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void shouldTakeTheSecondCallWhenTheFirstHangs() {
    CallResult result = executor(setting(SOON, 1), hangsFirst()).execute(order(Lane.INTERACTIVE));
    assertThat(((CallResult.Finished) result).outcome()).isInstanceOf(Completion.class);
    assertThat(secrets).containsExactly("secret-a", "secret-b");
    assertThat(result.calls()).extracting(CallTrace::errorCode).containsExactly("cancelled", null);
    assertThat(result.calls()).extracting(CallTrace::keyName).containsExactly("a", "b");
    assertThat(result.calls()).extracting(CallTrace::costNanos).containsExactly(21_000L, 21_000L);
    Awaitility.await().until(() -> givenUp.get() == 1);
    assertThat(hedges(CallMeters.WON)).isOne();
  }

  @Test
  void shouldMakeNoSecondCallWhenTheFirstIsQuick() {
    CallResult result =
        executor(setting(Duration.ofMinutes(1), 1), this::answer).execute(order(Lane.INTERACTIVE));
    assertThat(result.calls()).hasSize(1);
    assertThat(secrets).hasSize(1);
  }

  @Test
  void shouldHedgeInteractiveCallsOnly() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CallExecutor executor = executor(setting(SOON, 1), awaiting(gate));
    assertOneCall(executor, order(Lane.STANDARD), gate);
  }

  @Test
  void shouldKeepToItsShare() throws Exception {
    CallExecutor executor = executor(setting(SOON, 0), hangsFirst());
    assertThat(executor.execute(order(Lane.INTERACTIVE)).calls()).hasSize(2);
    secrets.clear();
    CountDownLatch gate = new CountDownLatch(1);
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  executor.execute(order(Lane.INTERACTIVE));
                  gate.countDown();
                });
    Awaitility.await().until(() -> secrets.size() == 1);
    caller.interrupt();
    gate.await();
    assertThat(secrets).hasSize(1);
    Awaitility.await().until(() -> givenUp.get() == 2);
  }

  @Test
  void shouldNotHedgeByPercentileBeforeEnoughIsKnown() {
    CallExecutor executor = executor(setting(null, 1), this::answer);
    for (int i = 0; i < 30; i++) {
      assertThat(executor.execute(order(Lane.INTERACTIVE)).calls()).isNotEmpty();
    }
  }

  @Test
  void shouldEndWithTheFirstFailureWhenBothFail() {
    CountDownLatch second = new CountDownLatch(1);
    Provider provider =
        request -> {
          secrets.add(String.valueOf(request.apiKey()));
          if (isFirst(request)) {
            second.await();
            return ScriptedProvider.failure(
                FailureClass.REQUEST_REJECTED, ErrorCode.UPSTREAM_REJECTED, 400);
          }
          second.countDown();
          return ScriptedProvider.serverError();
        };
    ProviderSetting setting = setting(SOON, 1).withRetries(RetrySetting.none());
    CallResult result = executor(setting, provider).execute(order(Lane.INTERACTIVE));
    assertThat(((CallResult.Finished) result).outcome())
        .isInstanceOfSatisfying(
            PipelineError.class, error -> assertThat(error.code()).isEqualTo("upstream_rejected"));
    assertThat(result.calls())
        .extracting(CallTrace::errorCode)
        .containsExactly("upstream_rejected", "upstream_error");
    assertThat(hedges(CallMeters.FAILED)).isOne();
  }

  @Test
  void shouldGiveBothUpWhenTheWorkerStops() throws Exception {
    CallExecutor executor = executor(setting(SOON, 1), this::hang);
    CallResult[] result = new CallResult[1];
    Thread caller =
        Thread.ofVirtual().start(() -> result[0] = executor.execute(order(Lane.INTERACTIVE)));
    Awaitility.await().until(() -> secrets.size() == 2);
    caller.interrupt();
    caller.join();
    assertThat(result[0]).isInstanceOf(CallResult.Abandoned.class);
    assertThat(result[0].calls())
        .extracting(CallTrace::errorCode)
        .containsExactly("cancelled", "cancelled");
    Awaitility.await().until(() -> givenUp.get() == 2);
  }

  private void assertOneCall(CallExecutor executor, CallOrder order, CountDownLatch gate)
      throws InterruptedException {
    secrets.clear();
    Thread caller = Thread.ofVirtual().start(() -> executor.execute(order));
    Awaitility.await().until(() -> secrets.size() == 1);
    gate.countDown();
    caller.join();
    assertThat(secrets).hasSize(1);
  }

  private ProviderReply answer(ProviderRequest request) {
    secrets.add(String.valueOf(request.apiKey()));
    return ScriptedProvider.success();
  }

  private ProviderReply hang(ProviderRequest request) throws InterruptedException {
    secrets.add(String.valueOf(request.apiKey()));
    firstBegun.countDown();
    try {
      never.await();
    } catch (InterruptedException e) {
      givenUp.incrementAndGet();
      throw e;
    }
    return ScriptedProvider.success();
  }

  private static boolean isFirst(ProviderRequest request) {
    return "secret-a".equals(request.apiKey());
  }

  private Provider hangsFirst() {
    return request -> {
      if (isFirst(request)) {
        return hang(request);
      }
      firstBegun.await(); // the first one's thread may be late
      return answer(request);
    };
  }

  private Provider awaiting(CountDownLatch gate) {
    return request -> {
      secrets.add(String.valueOf(request.apiKey()));
      gate.await();
      return ScriptedProvider.success();
    };
  }

  private double hedges(String outcome) {
    return meters.get(CallMeters.HEDGES).tag("outcome", outcome).counter().count();
  }

  private CallExecutor executor(ProviderSetting setting, Provider provider) {
    return CallExecutors.of(setting, provider, new WorkerMeters(meters, "p"));
  }

  private static ProviderSetting setting(@Nullable Duration after, double share) {
    return ProviderSetting.of("scripted")
        .withKeys(List.of(ApiKeySetting.of("a", "secret-a"), ApiKeySetting.of("b", "secret-b")))
        .withPrices(Map.of("m", new TokenPrice(150, 600)))
        .withControls(CallControls.defaults().withHedge(new HedgeSetting(true, after, share)));
  }

  private static CallOrder order(Lane lane) {
    return new CallOrder(
            CompletionRequest.of("m", "hi"),
            "m",
            "t/r#1",
            Instant.now().plus(Duration.ofMinutes(5)),
            null)
        .in(lane, true);
  }
}
