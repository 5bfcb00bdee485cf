package io.millrace.workers;

import static io.millrace.workers.ScriptedProvider.failure;
import static io.millrace.workers.ScriptedProvider.rateLimited;
import static io.millrace.workers.ScriptedProvider.rejectedKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which key a call takes, and what becomes of keys that are refused or have to rest. */
class CallKeysTest extends CallFixture {

  @Test
  void shouldGoOnToTheNextKeyAtOnceWhenRateLimited() {
    ScriptedProvider provider = ScriptedProvider.replying(rateLimited(millis(5_000)));
    CallResult.Finished result = execute(provider, RETRYING.withKeys(keys("a", "b")));
    assertThat(result.outcome()).isInstanceOf(Completion.class);
    assertThat(provider.secrets()).containsExactly("secret-a", "secret-b");
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void shouldWaitForTheFirstKeyToComeBackWhenAllRest() {
    ScriptedProvider provider =
        ScriptedProvider.replying(rateLimited(millis(5_000)), rateLimited(millis(2_000)));
    CallResult.Finished result = execute(provider, RETRYING.withKeys(keys("a", "b")));
    assertThat(result.outcome()).isInstanceOf(Completion.class);
    assertThat(provider.secrets()).containsExactly("secret-a", "secret-b", "secret-b");
    assertThat(time.sleeps()).containsExactly(millis(2_000));
  }

  @Test
  void shouldEndRateLimitedWhenTheRestOutlivesTheDeadline() {
    ScriptedProvider provider = ScriptedProvider.replying(rateLimited(TIME.plusSeconds(1)));
    PipelineError error = error(execute(provider, RETRYING));
    assertThat(error.code()).isEqualTo("upstream_rate_limited");
    assertThat(error.retryAfter()).isEqualTo(TIME.plusSeconds(1));
    assertThat(provider.requests()).hasSize(1);
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void shouldBackOffWhenRateLimitedWithoutAdvice() {
    ScriptedProvider provider = ScriptedProvider.replying(rateLimited(null), rateLimited(null));
    assertThat(execute(provider, RETRYING).outcome()).isInstanceOf(Completion.class);
    assertThat(time.sleeps()).containsExactly(millis(100), millis(200));
  }

  @Test
  void shouldLetLaterAttemptsWaitWhenTheOnlyKeyRests() {
    CallExecutor executor =
        executor(ScriptedProvider.replying(rateLimited(millis(9_000))), RETRYING);
    executor.execute(orderUntil(END));
    time.sleeps().clear();
    CallExecutor other = executor(ScriptedProvider.replying(rateLimited(TIME)), RETRYING);
    assertThat(error(other.execute(orderUntil(END))).code()).isEqualTo("upstream_rate_limited");
    PipelineError later = error(other.execute(orderUntil(END)));
    assertThat(later.code()).isEqualTo("upstream_rate_limited");
    assertThat(later.message()).contains("resting");
    assertThat(later.retryAfter()).isEqualTo(TIME);
  }

  @Test
  void shouldGoOnToTheNextKeyAtOnceAndMarkTheRefusedOne() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(401));
    CallExecutor executor = executor(provider, RETRYING.withKeys(keys("a", "b")));
    assertThat(finished(executor.execute(orderUntil(END))).outcome())
        .isInstanceOf(Completion.class);
    executor.execute(orderUntil(END));
    assertThat(provider.secrets()).containsExactly("secret-a", "secret-b", "secret-b");
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void shouldUseARefusedKeyAgainWhenItsTimeIsOver() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(401));
    CallExecutor executor = executor(provider, RETRYING.withKeys(keys("a", "b")));
    executor.execute(orderUntil(END));
    time.pass(Duration.ofMinutes(5));
    executor.execute(order());
    assertThat(provider.secrets()).containsExactly("secret-a", "secret-b", "secret-a");
  }

  @Test
  void shouldUseAKeyAgainInTimeWhenTheClockIsSetBack() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(401));
    CallExecutor executor = executor(provider, SETTING.withKeys(keys("a", "b")));
    executor.execute(order());
    time.setBack(Duration.ofDays(1));
    time.pass(Duration.ofMinutes(5));
    executor.execute(order());
    assertThat(provider.secrets()).containsExactly("secret-a", "secret-b", "secret-a");
  }

  @Test
  void shouldNotCallInALoopWhenAProviderAsksForNoRest() {
    ScriptedProvider provider = new ScriptedProvider();
    for (int i = 0; i < 100; i++) {
      provider.then(request -> rateLimited(Duration.ZERO));
    }
    CallResult result = executor(provider, SETTING.withKeys(keys("a", "b"))).execute(order());
    assertThat(error(result).code()).isEqualTo("upstream_rate_limited");
    assertThat(result.calls()).hasSize(6);
    assertThat(time.sleeps()).containsExactly(Duration.ofMillis(10), Duration.ofMillis(10));
  }

  @Test
  void shouldEndWithCredentialsExhaustedWhenEveryKeyIsRefused() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(401), rejectedKey(403));
    CallExecutor executor = executor(provider, RETRYING.withKeys(keys("a", "b")));
    CallResult.Finished result = finished(executor.execute(orderUntil(END)));
    assertThat(error(result).code()).isEqualTo("upstream_credentials_exhausted");
    assertThat(error(result).httpStatus()).isEqualTo(502);
    assertThat(result.calls()).hasSize(2);
    CallResult.Finished next = finished(executor.execute(orderUntil(END)));
    assertThat(error(next).code()).isEqualTo("upstream_credentials_exhausted");
    assertThat(next.calls()).isEmpty();
  }

  @Test
  void shouldMarkAKeyForOneModelOnlyWhenTheRefusalMayBeAboutIt() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(403));
    CallExecutor executor = executor(provider, RETRYING.withKeys(keys("a")));
    assertThat(error(executor.execute(orderFor("m"))).code())
        .isEqualTo("upstream_credentials_exhausted");
    assertThat(finished(executor.execute(orderFor("n"))).outcome()).isInstanceOf(Completion.class);
  }

  @Test
  void shouldSayModelNotFoundWhenNoKeyReachesTheModel() {
    ProviderReply notFound = failure(FailureClass.KEY_REJECTED, ErrorCode.MODEL_NOT_FOUND, 404);
    ScriptedProvider provider = ScriptedProvider.replying(notFound, notFound);
    CallResult.Finished result = execute(provider, RETRYING.withKeys(keys("a", "b")));
    assertThat(error(result).code()).isEqualTo("model_not_found");
    assertThat(result.calls()).hasSize(2);
  }

  @Test
  void shouldEndWithNoEligibleKeysWhenNoneMayBeUsedForTheModel() {
    ProviderSetting setting =
        RETRYING.withKeys(List.of(new ApiKeySetting("a", "secret-a", List.of("other"), 1)));
    ScriptedProvider provider = new ScriptedProvider();
    CallResult.Finished result = execute(provider, setting);
    assertThat(error(result).code()).isEqualTo("no_eligible_keys");
    assertThat(error(result).httpStatus()).isEqualTo(503);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void shouldEndAtOnceWhenAProviderWithoutKeysRefuses() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(401));
    CallExecutor executor = executor(provider, RETRYING);
    assertThat(error(executor.execute(orderUntil(END))).code())
        .isEqualTo("upstream_credentials_exhausted");
    assertThat(finished(executor.execute(orderUntil(END))).outcome())
        .isInstanceOf(Completion.class);
  }

  @Test
  void shouldCountCallsByKeyWithoutTheKey() {
    ScriptedProvider provider = ScriptedProvider.replying(rejectedKey(401));
    executor(provider, SETTING.withKeys(keys("a", "b"))).execute(order());
    assertThat(keyCalls("a", "upstream_credentials_exhausted")).isOne();
    assertThat(keyCalls("b", "success")).isOne();
    assertThat(meters.get(CallMeters.KEY_USABLE).tag("key", "a").gauge().value()).isZero();
    assertThat(meters.get(CallMeters.KEY_USABLE).tag("key", "b").gauge().value()).isOne();
    time.pass(Duration.ofMinutes(5));
    assertThat(meters.get(CallMeters.KEY_USABLE).tag("key", "a").gauge().value()).isOne();
    assertThat(meters.getMeters())
        .allSatisfy(meter -> assertThat(meter.getId().toString()).doesNotContain("secret"));
  }

  private double keyCalls(String key, String outcome) {
    return meters.get(CallMeters.KEY_CALLS).tags("key", key, "outcome", outcome).counter().count();
  }

  private static CallOrder orderFor(String model) {
    return new CallOrder(CompletionRequest.of(model, "hi"), model, "t/r#1", END, null);
  }
}
