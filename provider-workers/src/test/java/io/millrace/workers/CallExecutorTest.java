package io.millrace.workers;

import static io.millrace.workers.ScriptedProvider.failure;
import static io.millrace.workers.ScriptedProvider.rateLimited;
import static io.millrace.workers.ScriptedProvider.rejectedKey;
import static io.millrace.workers.ScriptedProvider.serverError;
import static io.millrace.workers.ScriptedProvider.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.schemas.health.ProviderHealthView;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CallExecutorTest {

  private static final Duration TIME = Duration.ofSeconds(60);
  private static final ProviderSetting SETTING =
      ProviderSetting.of("scripted")
          .withRetries(new RetrySetting(3, Duration.ofMillis(100), Duration.ofMillis(300)))
          .withTimeout(Duration.ofSeconds(10));

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeTime time = new FakeTime();

  static Stream<Arguments> classes() {
    return Stream.of(
        arguments(FailureClass.CONNECTION, ErrorCode.UPSTREAM_UNREACHABLE, null, true),
        arguments(FailureClass.SERVER_ERROR, ErrorCode.UPSTREAM_ERROR, 500, true),
        arguments(FailureClass.SERVER_ERROR, ErrorCode.UPSTREAM_ERROR, 529, true),
        arguments(FailureClass.TIMEOUT, ErrorCode.UPSTREAM_TIMEOUT, null, true),
        arguments(FailureClass.INVALID_RESPONSE, ErrorCode.UPSTREAM_INVALID_RESPONSE, 200, true),
        arguments(FailureClass.REQUEST_REJECTED, ErrorCode.UPSTREAM_REJECTED, 400, false),
        arguments(FailureClass.REQUEST_REJECTED, ErrorCode.UPSTREAM_REJECTED, 422, false));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void shouldRepeatWithTheSameKeyOnlyWhatMayPass(
      FailureClass failure, ErrorCode code, Integer status, boolean retried) {
    ProviderReply reply = failure(failure, code, status);
    ScriptedProvider provider = ScriptedProvider.replying(reply, reply, reply, reply);
    CallResult.Finished result = execute(provider, keys("a", "b"));
    assertThat(error(result).code()).isEqualTo(code.wireName());
    assertThat(provider.requests()).hasSize(retried ? 4 : 1);
    assertThat(provider.secrets()).containsOnly("secret-a");
    assertThat(result.calls())
        .allSatisfy(
            call -> {
              assertThat(call.errorCode()).isEqualTo(code.wireName());
              assertThat(call.httpStatus()).isEqualTo(status);
              assertThat(call.keyName()).isEqualTo("a");
            });
    assertThat(time.sleeps())
        .isEqualTo(retried ? List.of(millis(100), millis(200), millis(300)) : List.of());
  }

  @Test
  void shouldEndWithTheAnswerWhenARetrySucceeds() {
    ScriptedProvider provider = ScriptedProvider.replying(serverError(), serverError());
    CallResult.Finished result = execute(provider, SETTING);
    assertThat(result.outcome()).isInstanceOf(Completion.class);
    assertThat(result.calls()).extracting(CallTrace::number).containsExactly(1, 2, 3);
    assertThat(result.calls())
        .extracting(CallTrace::errorCode)
        .containsExactly("upstream_error", "upstream_error", null);
    assertThat(counted(WorkerMeters.RETRIES)).isEqualTo(2);
    assertThat(meters.get(WorkerMeters.CALLS).tag("outcome", "success").counter().count()).isOne();
    assertThat(meters.get(WorkerMeters.CALLS).tag("outcome", "upstream_error").counter().count())
        .isEqualTo(2);
  }

  @Test
  void shouldUseTheSameCallIdForEveryRepetition() {
    ScriptedProvider provider = ScriptedProvider.replying(serverError());
    execute(provider, SETTING);
    assertThat(provider.requests()).extracting(request -> request.callId()).containsOnly("t/r#1");
  }

  @Test
  void shouldWaitAsLongAsTheProviderAsksWhenThatIsLonger() {
    PipelineError asks = ErrorCode.UPSTREAM_ERROR.error("busy").withRetryAfter(millis(7_000));
    ScriptedProvider provider =
        ScriptedProvider.replying(new ProviderReply.Failure(FailureClass.SERVER_ERROR, asks, 503));
    execute(provider, SETTING);
    assertThat(time.sleeps()).containsExactly(millis(7_000));
  }

  @Test
  void shouldGoOnToTheNextKeyAtOnceWhenRateLimited() {
    ScriptedProvider provider = ScriptedProvider.replying(rateLimited(millis(5_000)));
    CallResult.Finished result = execute(provider, keys("a", "b"));
    assertThat(result.outcome()).isInstanceOf(Completion.class);
    assertThat(provider.secrets()).containsExactly("secret-a", "secret-b");
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void shouldWaitForTheFirstKeyToComeBackWhenAllRest() {
    ScriptedProvider provider =
        ScriptedProvider.replying(rateLimited(millis(5_000)), rateLimited(millis(2_000)));
    CallResult.Finished result = execute(provider, keys("a", "b"));
    assertThat(result.outcome()).isInstanceOf(Completion.class);
    assertThat(provider.secrets()).containsExactly("secret-a", "secret-b", "secret-b");
    assertThat(time.sleeps()).containsExactly(millis(2_000));
  }

  @Test
  void shouldEndRateLimitedWhenTheRestOutlivesTheDeadline() {
    ScriptedProvider provider = ScriptedProvider.replying(rateLimited(TIME.plusSeconds(1)));
    PipelineError error = error(execute(provider, SETTING));
    assertThat(error.code()).isEqualTo("upstream_rate_limited");
    assertThat(error.retryAfter()).isEqualTo(TIME.plusSeconds(1));
    assertThat(provider.requests()).hasSize(1);
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void shouldBackOffWhenRateLimitedWithoutAdvice() {
    ScriptedProvider provider = ScriptedProvider.replying(rateLimited(null), rateLimited(null));
    assertThat(execute(provider, SETTING).outcome()).isInstanceOf(Completion.class);
    assertThat(time.sleeps()).containsExactly(millis(100), millis(200));
  }

  @Test
  void shouldLetLaterAttemptsWaitWhenTheOnlyKeyRests() {
    CallExecutor executor =
        executor(ScriptedProvider.replying(rateLimited(millis(9_000))), SETTING);
    executor.execute(order());
    time.sleeps().clear();
    CallExecutor other = executor(ScriptedProvider.replying(rateLimited(TIME)), SETTING);
    assertThat(error(finished(other.execute(order()))).code()).isEqualTo("upstream_rate_limited");
    PipelineError later = error(finished(other.execute(order())));
    assertThat(later.code()).isEqualTo("upstream_rate_limited");
    assertThat(later.message()).contains("resting");
    assertThat(later.retryAfter()).isEqualTo(TIME);
  }

  @Test
  void shouldGoOnToTheNextKeyAtOnceAndMarkTheRefusedOne() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(401));
    CallExecutor executor = executor(provider, keys("a", "b"));
    assertThat(finished(executor.execute(order())).outcome()).isInstanceOf(Completion.class);
    executor.execute(order());
    assertThat(provider.secrets()).containsExactly("secret-a", "secret-b", "secret-b");
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void shouldUseARefusedKeyAgainWhenItsTimeIsOver() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(401));
    CallExecutor executor = executor(provider, keys("a", "b"));
    executor.execute(order());
    time.pass(Duration.ofMinutes(5));
    executor.execute(
        new CallOrder(CompletionRequest.of("m", "hi"), "m", "t/r#1", time.now().plus(TIME), null));
    assertThat(provider.secrets()).containsExactly("secret-a", "secret-b", "secret-a");
  }

  @Test
  void shouldEndWithCredentialsExhaustedWhenEveryKeyIsRefused() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(401), rejectedKey(403));
    CallExecutor executor = executor(provider, keys("a", "b"));
    CallResult.Finished result = finished(executor.execute(order()));
    assertThat(error(result).code()).isEqualTo("upstream_credentials_exhausted");
    assertThat(error(result).httpStatus()).isEqualTo(502);
    assertThat(result.calls()).hasSize(2);
    CallResult.Finished next = finished(executor.execute(order()));
    assertThat(error(next).code()).isEqualTo("upstream_credentials_exhausted");
    assertThat(next.calls()).isEmpty();
  }

  @Test
  void shouldMarkAKeyForOneModelOnlyWhenTheRefusalMayBeAboutIt() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(403));
    CallExecutor executor = executor(provider, keys("a"));
    assertThat(error(finished(executor.execute(order("m")))).code())
        .isEqualTo("upstream_credentials_exhausted");
    assertThat(finished(executor.execute(order("n"))).outcome()).isInstanceOf(Completion.class);
  }

  @Test
  void shouldSayModelNotFoundWhenNoKeyReachesTheModel() {
    ProviderReply notFound = failure(FailureClass.KEY_REJECTED, ErrorCode.MODEL_NOT_FOUND, 404);
    ScriptedProvider provider = ScriptedProvider.replying(notFound, notFound);
    CallResult.Finished result = execute(provider, keys("a", "b"));
    assertThat(error(result).code()).isEqualTo("model_not_found");
    assertThat(result.calls()).hasSize(2);
  }

  @Test
  void shouldEndWithNoEligibleKeysWhenNoneMayBeUsedForTheModel() {
    ProviderSetting setting =
        SETTING.withKeys(List.of(new ApiKeySetting("a", "secret-a", List.of("other"), 1)));
    ScriptedProvider provider = new ScriptedProvider();
    CallResult.Finished result = execute(provider, setting);
    assertThat(error(result).code()).isEqualTo("no_eligible_keys");
    assertThat(error(result).httpStatus()).isEqualTo(503);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void shouldEndAtOnceWhenAProviderWithoutKeysRefuses() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(401));
    CallExecutor executor = executor(provider, SETTING);
    assertThat(error(finished(executor.execute(order()))).code())
        .isEqualTo("upstream_credentials_exhausted");
    assertThat(finished(executor.execute(order())).outcome()).isInstanceOf(Completion.class);
  }

  @Test
  void shouldNotCallWhenTheDeadlineHasPassed() {
    time.pass(TIME);
    ScriptedProvider provider = new ScriptedProvider();
    CallResult.Finished result = execute(provider, SETTING);
    assertThat(error(result).code()).isEqualTo("deadline_exceeded");
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void shouldCutTheTimeoutToWhatIsLeftUntilTheDeadline() {
    time.pass(TIME.minusSeconds(3));
    ScriptedProvider provider = new ScriptedProvider();
    execute(provider, SETTING);
    assertThat(provider.requests().getFirst().timeout()).isEqualTo(Duration.ofSeconds(3));
    time.pass(Duration.ofSeconds(-30));
    execute(provider, SETTING);
    assertThat(provider.requests().getLast().timeout()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void shouldSayDeadlineExceededWhenItPassesDuringACall() {
    ScriptedProvider provider =
        new ScriptedProvider()
            .then(
                request -> {
                  time.pass(TIME);
                  return failure(FailureClass.TIMEOUT, ErrorCode.UPSTREAM_TIMEOUT, null);
                });
    CallResult.Finished result = execute(provider, SETTING);
    assertThat(error(result).code()).isEqualTo("deadline_exceeded");
    assertThat(error(result).message()).contains("scripted UPSTREAM_TIMEOUT");
    assertThat(result.calls()).hasSize(1);
  }

  @Test
  void shouldEndWithTheErrorWhenTheBackOffOutlivesTheDeadline() {
    time.pass(TIME.minusMillis(50));
    ScriptedProvider provider = ScriptedProvider.replying(serverError());
    assertThat(error(execute(provider, SETTING)).code()).isEqualTo("upstream_error");
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void shouldReportAnInternalErrorWhenTheProviderThrows() {
    ScriptedProvider provider =
        new ScriptedProvider()
            .then(
                request -> {
                  throw new IllegalStateException("sk-secret");
                });
    CallResult.Finished result = execute(provider, SETTING);
    assertThat(error(result).code()).isEqualTo("internal_error");
    assertThat(error(result).message()).doesNotContain("sk-secret");
    assertThat(error(result).mayFallBack()).isTrue();
    assertThat(result.calls()).hasSize(1);
  }

  @Test
  void shouldLeaveARecordOfTheCallWhenItIsStopped() {
    Provider provider =
        request -> {
          throw new InterruptedException();
        };
    CallResult result = executor(provider, SETTING).execute(order());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(result).isInstanceOf(CallResult.Abandoned.class);
    assertThat(result.calls()).extracting(CallTrace::errorCode).containsExactly("cancelled");
  }

  @Test
  void shouldAddUpTheCostOfAllCalls() {
    ProviderSetting priced = SETTING.withPrices(Map.of("m", new TokenPrice(150, 600)));
    CallResult.Finished result =
        execute(ScriptedProvider.replying(serverError(), success()), priced);
    assertThat(result.costNanos()).isEqualTo(100 * 150 + 10 * 600);
    assertThat(result.calls()).extracting(CallTrace::costNanos).containsExactly(0L, 21_000L);
    assertThat(counted(WorkerMeters.COST_UNKNOWN)).isZero();
  }

  @Test
  void shouldCountACompletionWhosePriceNobodySaid() {
    ProviderSetting others = SETTING.withPrices(Map.of("other", new TokenPrice(1, 1)));
    assertThat(execute(ScriptedProvider.replying(success()), others).costNanos()).isZero();
    assertThat(counted(WorkerMeters.COST_UNKNOWN)).isOne();
    ProviderSetting all = SETTING.withPrices(Map.of("*", new TokenPrice(1, 2)));
    assertThat(execute(ScriptedProvider.replying(success()), all).costNanos()).isEqualTo(120);
    assertThat(counted(WorkerMeters.COST_UNKNOWN)).isOne();
  }

  private CallResult.Finished execute(Provider provider, ProviderSetting setting) {
    return finished(executor(provider, setting).execute(order()));
  }

  /** Random values of one half: the first of two equal keys, and no jitter. */
  private CallExecutor executor(Provider provider, ProviderSetting setting) {
    return new CallAssembly(
            "scripted",
            setting,
            ProviderHealthView.UNKNOWN,
            () -> Math.nextDown(0.5),
            time,
            new WorkerMeters(meters, "scripted"),
            "w",
            WorkerEvents.NONE)
        .executor(provider);
  }

  private static ProviderSetting keys(String... names) {
    return SETTING.withKeys(
        Arrays.stream(names).map(name -> ApiKeySetting.of(name, "secret-" + name)).toList());
  }

  private static CallOrder order() {
    return order("m");
  }

  private static CallOrder order(String model) {
    return new CallOrder(
        CompletionRequest.of(model, "hi"), model, "t/r#1", FakeTime.START.plus(TIME), null);
  }

  private static CallResult.Finished finished(CallResult result) {
    assertThat(result).isInstanceOf(CallResult.Finished.class);
    return (CallResult.Finished) result;
  }

  private static PipelineError error(CallResult.Finished result) {
    assertThat(result.outcome()).isInstanceOf(PipelineError.class);
    return (PipelineError) result.outcome();
  }

  private double counted(String meter) {
    return meters.get(meter).counter().count();
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
