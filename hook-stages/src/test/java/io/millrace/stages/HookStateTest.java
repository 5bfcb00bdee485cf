package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.HomeDriver.hook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.testing.InMemoryState;
import io.millrace.schemas.avro.Exchange;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hook's own state: bounds, order, and who sees whose. */
class HookStateTest {

  @TempDir Path stateDir;

  @Test
  void shouldFindInThePostHookWhatThePreHookPut() {
    List<String> seen = new ArrayList<>();
    Hook counting =
        new Hook() {
          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            context.state().put(context.requestId(), bytes("pre"));
            return PreHookResult.proceed(request);
          }

          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            seen.add(text(context.state().get(context.requestId())));
            context.state().delete(context.requestId());
            seen.add(text(context.state().get(context.requestId())));
            return outcome;
          }
        };
    try (HomeDriver home = new HomeDriver(stateDir, stateful(Scope.TENANT, counting))) {
      home.request(accepted("r1", "one/small"));
      home.reply(answered(home.dispatched().getFirst(), "yes"));
      assertThat(seen).containsExactly("pre", "nothing");
    }
  }

  @Test
  void shouldWriteAKeyThatChangesOftenOnceOrTwiceForEachCommit() {
    Hook counting =
        preHook(
            context -> {
              for (int i = 1; i <= 5; i++) {
                context.state().put("hot", bytes(context.requestId() + "-" + i));
              }
              context.state().put(context.requestId(), bytes("once"));
            });
    ActiveHook active = stateful(Scope.TENANT, counting);
    try (HomeDriver home = new HomeDriver(stateDir, active)) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small"));
      // The driver commits after each record.
      assertThat(home.records("home-test-" + active.store() + "-changelog"))
          .extracting(record -> text(record.value()))
          .containsExactly("r1-1", "once", "r1-5", "r2-1", "once", "r2-5");
    }
  }

  @Test
  void shouldKeepTenantsApartAlsoWhenTheirNamesBeginAlike() {
    List<String> seen = new ArrayList<>();
    Hook listing =
        preHook(
            context -> {
              for (KeyedState.Entry entry : context.state().range("", "\uffff", 10)) {
                seen.add(context.tenant() + " sees " + text(entry.value()));
              }
              context.state().put("bc", bytes(context.tenant()));
              context.state().put("c", bytes(context.tenant()));
            });
    try (HomeDriver home = new HomeDriver(stateDir, stateful(Scope.TENANT, listing))) {
      home.request(of("a", "r1"));
      home.request(of("ab", "r1"));
      home.request(of("abc", "r1"));
      home.request(of("ab", "r2"));
      assertThat(seen).containsExactly("ab sees ab", "ab sees ab");
    }
  }

  @Test
  void shouldBringEqualRequestsOfAllTenantsTogetherWhenScopedByContent() {
    List<String> seen = new ArrayList<>();
    Hook sharing =
        preHook(
            context -> {
              seen.add(text(context.state().get("who")));
              context.state().put("who", bytes(context.tenant()));
            });
    try (HomeDriver home = new HomeDriver(stateDir, stateful(Scope.CONTENT, sharing))) {
      home.request(of("a", "r1"));
      home.request(of("b", "r1"));
      Exchange other = of("c", "r1");
      other.getRequest().setTemperature(0.5);
      home.request(other);
      assertThat(seen).containsExactly("nothing", "a", "nothing");
    }
  }

  @Test
  void shouldUseTheHooksOwnKeyInBothDirections() {
    List<String> seen = new ArrayList<>();
    Hook own =
        new Hook() {
          @Override
          public String scopeKey(CompletionRequest request, RequestContext context) {
            return "key of " + context.tenant();
          }

          @Override
          public PreHookResult preHook(CompletionRequest request, HookContext context) {
            context.state().put("k", bytes(context.tenant()));
            return PreHookResult.proceed(request.withModel("changed"));
          }

          @Override
          public Outcome postHook(Outcome outcome, HookContext context) {
            seen.add(text(context.state().get("k")));
            return outcome;
          }
        };
    try (HomeDriver home = new HomeDriver(stateDir, stateful(Scope.OWN, own))) {
      home.request(of("a", "r1"));
      home.request(of("b", "r1"));
      home.dispatched().forEach(exchange -> home.reply(answered(exchange, "yes")));
      assertThat(seen).containsExactly("a", "b");
    }
  }

  @Test
  void shouldCountAScopeKeyOverItsBoundAsAFailureOfTheHook() {
    Hook own =
        new Hook() {
          @Override
          public String scopeKey(CompletionRequest request, RequestContext context) {
            return "x".repeat(257);
          }
        };
    try (HomeDriver home = new HomeDriver(stateDir, stateful(Scope.OWN, own))) {
      home.request(of("a", "r1"));
      assertThat(home.dispatched()).hasSize(1);
      assertThat(home.eventTypes()).contains("hook-error");
    }
  }

  @Test
  void shouldRefuseStateToAHookThatDidNotAskForIt() {
    List<Throwable> refusals = new ArrayList<>();
    Hook reaching =
        preHook(
            context -> {
              try {
                context.state();
              } catch (IllegalStateException e) {
                refusals.add(e);
              }
            });
    try (HomeDriver home = new HomeDriver(stateDir, hook("plain", reaching))) {
      home.request(of("a", "r1"));
      assertThat(refusals)
          .singleElement()
          .satisfies(
              e ->
                  assertThat(e)
                      .hasMessage(
                          "hook 'plain' keeps no state: its descriptor does not say stateBy"));
    }
  }

  @Test
  void shouldNameHookKeyAndBoundWhenABoundIsExceeded() {
    List<String> messages = new ArrayList<>();
    Hook greedy =
        preHook(
            context -> {
              KeyedState state = context.state();
              assertThatThrownBy(() -> state.put("k".repeat(513), bytes("v")))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("hook 'kept'")
                  .hasMessageContaining("has 513 characters; at most 512 are allowed");
              assertThatThrownBy(() -> state.put("big", new byte[1024 * 1024 + 1]))
                  .hasMessage(
                      "hook 'kept': the value of state key 'big' has 1,048,577 bytes; at most"
                          + " 1,048,576 are allowed");
              assertThatThrownBy(() -> state.range("a", "b", 10_001))
                  .hasMessageContaining("a range takes 1 to 10,000 entries, not 10,001");
              state.put("k".repeat(512), new byte[1024 * 1024]);
              messages.add("done");
            });
    try (HomeDriver home = new HomeDriver(stateDir, stateful(Scope.TENANT, greedy))) {
      home.request(of("a", "r1"));
      assertThat(home.eventTypes()).doesNotContain("hook-error");
      assertThat(messages).containsExactly("done");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldBehaveLikeTheStateThatPluginsTestWith(long seed) {
    List<String> done = new ArrayList<>();
    Hook comparing =
        preHook(
            context -> {
              compare(new Random(seed), context.state(), new InMemoryState());
              done.add("compared");
            });
    try (HomeDriver home = new HomeDriver(stateDir, stateful(Scope.TENANT, comparing))) {
      home.request(of("a", "r1"));
      assertThat(home.eventTypes()).as("seed %s", seed).doesNotContain("hook-error");
      assertThat(done).containsExactly("compared");
    }
  }

  private static void compare(Random random, KeyedState real, KeyedState model) {
    String[] letters = {"a", "b", "é", "€", "😀", "\uffff", "\u0000", "z"};
    for (int step = 0; step < 500; step++) {
      String key = word(random, letters);
      String other = word(random, letters);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          real.put(key, bytes("v" + step));
          model.put(key, bytes("v" + step));
        }
        case 2 -> {
          real.delete(key);
          model.delete(key);
        }
        default -> {
          assertThat(text(real.get(key))).isEqualTo(text(model.get(key)));
          int limit = 1 + random.nextInt(5);
          assertThat(texts(real.range(key, other, limit)))
              .isEqualTo(texts(model.range(key, other, limit)));
        }
      }
    }
  }

  private static String word(Random random, String[] letters) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      word.append(letters[random.nextInt(letters.length)]);
    }
    return word.toString();
  }

  private static List<String> texts(List<KeyedState.Entry> entries) {
    return entries.stream().map(entry -> entry.key() + "=" + text(entry.value())).toList();
  }

  private static ActiveHook stateful(Scope scope, Hook hook) {
    return hook(HookDescriptor.of("kept", "Keeps state.").stateBy(scope).build(), hook);
  }

  private static Hook preHook(Consumer<HookContext> body) {
    return new Hook() {
      @Override
      public PreHookResult preHook(CompletionRequest request, HookContext context) {
        body.accept(context);
        return PreHookResult.proceed(request);
      }
    };
  }

  private static Exchange of(String tenant, String id) {
    Exchange exchange = accepted(id, "one/small");
    exchange.setTenant(tenant);
    exchange.setExchangeId(tenant + "/" + id);
    return exchange;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte @Nullable [] value) {
    return value == null ? "nothing" : new String(value, StandardCharsets.UTF_8);
  }
}
