package io.millrace.stages.hooks.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.access.AccessKey;
import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthHookTest {

  private static final CompletionRequest REQUEST = CompletionRequest.of("any", "hello");
  private static final Instant END = TestContext.START.plusSeconds(60);

  private final Map<String, AccessKey> keys = new ConcurrentHashMap<>();
  private final TestEnvironment environment =
      new TestEnvironment().withAccessKeys(id -> Optional.ofNullable(keys.get(id)));
  private final TestContext context =
      new TestContext().withTenant("acme").withTarget("openai", "gpt");

  @Test
  void shouldLetPassWhoHasAKeyThatAllowsIt() {
    keys.put("k", key(false, Set.of(), Set.of()));
    assertThat(ask(false, Caller.ofKey("k", null))).isInstanceOf(PreHookResult.Continue.class);
    assertThat(environment.count(AuthHook.DECISIONS, Map.of("outcome", "allowed"))).isOne();
  }

  @Test
  void shouldRefuseAnonymousOnlyWhenRequired() {
    assertThat(ask(false, null)).isInstanceOf(PreHookResult.Continue.class);
    assertDenied(ask(true, null), "unauthenticated", "missing");
  }

  @Test
  void shouldRefuseFromTheMomentAKeyIsRevoked() {
    keys.put("k", key(false, Set.of(), Set.of()));
    assertThat(ask(false, Caller.ofKey("k", null))).isInstanceOf(PreHookResult.Continue.class);
    keys.put("k", key(true, Set.of(), Set.of()));
    assertDenied(ask(false, Caller.ofKey("k", null)), "unauthenticated", "revoked");
    assertThat(context.events().getLast().attributes()).containsEntry("key", "k");
  }

  @Test
  void shouldRefuseFromTheMomentAKeyEnds() {
    keys.put("k", key(false, Set.of(), Set.of()));
    context.withNow(END.minusMillis(1));
    assertThat(ask(false, Caller.ofKey("k", null))).isInstanceOf(PreHookResult.Continue.class);
    context.withNow(END);
    assertDenied(ask(false, Caller.ofKey("k", null)), "unauthenticated", "expired");
  }

  @Test
  void shouldWaitForNewsOfAKeyAndRefuseWhenNoneComes() {
    assertThat(ask(false, Caller.ofKey("new", null))).isInstanceOf(PreHookResult.Defer.class);
    context.advance(AccessRules.NEWS_TRAVELS);
    assertDenied(ask(false, Caller.ofKey("new", null)), "unauthenticated", "unknown");
  }

  @Test
  void shouldRefuseTheKeyOfAnotherTenant() {
    keys.put("k", key(false, Set.of(), Set.of()));
    context.withTenant("other");
    assertDenied(ask(false, Caller.ofKey("k", null)), "unauthenticated", "tenant");
  }

  @ParameterizedTest
  @CsvSource({
    "openai/gpt, openai, gpt, true",
    "openai/*, openai, gpt, true",
    "gpt, openai, gpt, true",
    "gpt, other, gpt, true",
    "openai/gpt, other, gpt, false",
    "openai/*, openai2, gpt, false",
    "gpt, openai, gpt-mini, false",
    // A reseller's model may look like another provider's.
    "openai/gpt, reseller, openai/gpt, false",
    "reseller/openai/gpt, reseller, openai/gpt, true",
    "*, openai, gpt, false",
  })
  void shouldHoldToTheModelsOfAKey(String allowed, String provider, String model, boolean passes) {
    keys.put("k", key(false, Set.of(allowed), Set.of()));
    context.withTarget(provider, model);
    PreHookResult result = ask(false, Caller.ofKey("k", null));
    if (passes) {
      assertThat(result).isInstanceOf(PreHookResult.Continue.class);
    } else {
      assertDenied(result, "forbidden", "model");
    }
  }

  @Test
  void shouldHoldToTheLanesOfAKey() {
    keys.put("k", key(false, Set.of(), Set.of(Lane.BATCH)));
    context.withLane(Lane.BATCH);
    assertThat(ask(false, Caller.ofKey("k", null))).isInstanceOf(PreHookResult.Continue.class);
    context.withLane(Lane.INTERACTIVE);
    assertDenied(ask(false, Caller.ofKey("k", null)), "forbidden", "lane");
  }

  @Test
  void shouldHoldATokenToWhatItSaid() {
    assertThat(ask(false, token(Set.of("openai/*"), Set.of())))
        .isInstanceOf(PreHookResult.Continue.class);
    assertDenied(ask(false, token(Set.of("other/*"), Set.of())), "forbidden", "model");
    assertDenied(ask(false, token(Set.of(), Set.of(Lane.BATCH))), "forbidden", "lane");
    assertThat(context.events().getLast().attributes()).doesNotContainKey("key");
    context.advance(Duration.ofMinutes(2));
    assertDenied(ask(false, token(Set.of(), Set.of())), "unauthenticated", "expired");
  }

  @Test
  void shouldNameTheKeyOfAWrongSetting() {
    AuthHookFactory factory = new AuthHookFactory();
    assertThatThrownBy(() -> factory.create(Map.of("required", "yes"), environment.environment()))
        .hasMessageContaining("required must be true or false, is 'yes'");
    assertThatThrownBy(() -> factory.create(Map.of("requird", true), environment.environment()))
        .hasMessageContaining("unknown keys [requird]");
  }

  private PreHookResult ask(boolean required, @Nullable Caller caller) {
    try (Hook hook =
        new AuthHookFactory().create(Map.of("required", required), environment.environment())) {
      return hook.preHook(REQUEST, caller == null ? context : context.withCaller(caller));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void assertDenied(PreHookResult result, String code, String reason) {
    assertThat(result).isInstanceOf(PreHookResult.Fail.class);
    PipelineError error = ((PreHookResult.Fail) result).error();
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.allowFallbacks()).isFalse();
    assertThat(context.events().getLast().type()).isEqualTo(AuthHook.ACCESS_DENIED);
    assertThat(context.events().getLast().attributes()).containsEntry("reason", reason);
    assertThat(environment.count(AuthHook.DECISIONS, Map.of("outcome", reason))).isPositive();
  }

  private static AccessKey key(boolean revoked, Set<String> models, Set<Lane> lanes) {
    return new AccessKey("k", "key", "acme", null, revoked, END, models, lanes, Set.of());
  }

  private static Caller token(Set<String> models, Set<Lane> lanes) {
    return new Caller(Caller.Kind.TOKEN, "eve", null, END, models, lanes);
  }
}
