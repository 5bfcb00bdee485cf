package io.millrace.workers;

import static io.millrace.workers.ScriptedProvider.failure;
import static io.millrace.workers.ScriptedProvider.serverError;
import static io.millrace.workers.ScriptedProvider.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.workers.gate.CallControls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is repeated, how long an attempt goes on, and what it leaves behind. */
class CallExecutorTest extends CallFixture {

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
    CallResult.Finished result = execute(provider, RETRYING.withKeys(keys("a", "b")));
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
    CallResult.Finished result = execute(provider, RETRYING);
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
    execute(provider, RETRYING);
    assertThat(provider.requests()).extracting(request -> request.callId()).containsOnly("t/r#1");
  }

  @Test
  void shouldWaitAsLongAsTheProviderAsksWhenThatIsLonger() {
    PipelineError asks = ErrorCode.UPSTREAM_ERROR.error("busy").withRetryAfter(millis(7_000));
    ScriptedProvider provider =
        ScriptedProvider.replying(new ProviderReply.Failure(FailureClass.SERVER_ERROR, asks, 503));
    execute(provider, RETRYING);
    assertThat(time.sleeps()).containsExactly(millis(7_000));
  }

  @Test
  void shouldNotCallWhenTheDeadlineHasPassed() {
    time.pass(TIME);
    ScriptedProvider provider = new ScriptedProvider();
    CallResult.Finished result = execute(provider, RETRYING);
    assertThat(error(result).code()).isEqualTo("deadline_exceeded");
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void shouldCutTheTimeoutToWhatIsLeftUntilTheDeadline() {
    time.pass(TIME.minusSeconds(3));
    ScriptedProvider provider = new ScriptedProvider();
    execute(provider, RETRYING);
    assertThat(provider.requests().getFirst().timeout()).isEqualTo(Duration.ofSeconds(3));
    time.pass(Duration.ofSeconds(-30));
    execute(provider, RETRYING);
    assertThat(provider.requests().getLast().timeout()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void shouldGiveAModelItsOwnTime() {
    ScriptedProvider provider = new ScriptedProvider();
    CallControls controls =
        CallControls.defaults().withTimeouts(Map.of("m", Duration.ofSeconds(3)));
    execute(provider, SETTING.withControls(controls));
    assertThat(provider.requests().getFirst().timeout()).isEqualTo(Duration.ofSeconds(3));
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
    CallResult.Finished result = execute(provider, RETRYING);
    assertThat(error(result).code()).isEqualTo("deadline_exceeded");
    assertThat(error(result).message()).contains("scripted UPSTREAM_TIMEOUT");
    assertThat(result.calls()).hasSize(1);
  }

  @Test
  void shouldEndWithTheErrorWhenTheBackOffOutlivesTheDeadline() {
    time.pass(TIME.minusMillis(50));
    ScriptedProvider provider = ScriptedProvider.replying(serverError());
    assertThat(error(execute(provider, RETRYING)).code()).isEqualTo("upstream_error");
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
    CallResult.Finished result = execute(provider, RETRYING);
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
    CallResult result = executor(provider, RETRYING).execute(orderUntil(END));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(result).isInstanceOf(CallResult.Abandoned.class);
    assertThat(result.calls()).extracting(CallTrace::errorCode).containsExactly("cancelled");
  }

  @Test
  void shouldAddUpTheCostOfAllCalls() {
    ProviderSetting priced = RETRYING.withPrices(Map.of("m", new TokenPrice(150, 600)));
    CallResult.Finished result =
        execute(ScriptedProvider.replying(serverError(), success()), priced);
    assertThat(result.costNanos()).isEqualTo(100 * 150 + 10 * 600);
    assertThat(result.calls()).extracting(CallTrace::costNanos).containsExactly(0L, 21_000L);
    assertThat(counted(WorkerMeters.COST_UNKNOWN)).isZero();
  }

  @Test
  void shouldCountACompletionWhosePriceNobodySaid() {
    ProviderSetting others = RETRYING.withPrices(Map.of("other", new TokenPrice(1, 1)));
    assertThat(execute(ScriptedProvider.replying(success()), others).costNanos()).isZero();
    assertThat(counted(WorkerMeters.COST_UNKNOWN)).isOne();
    ProviderSetting all = RETRYING.withPrices(Map.of("*", new TokenPrice(1, 2)));
    assertThat(execute(ScriptedProvider.replying(success()), all).costNanos()).isEqualTo(120);
    assertThat(counted(WorkerMeters.COST_UNKNOWN)).isOne();
  }
}
