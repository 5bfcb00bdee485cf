package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.RoutePlan;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.tck.Exchange.Trace;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * What every hook keeps to. Subclass it, give the factory, and, where they matter, sample
 * configurations and requests:
 *
 * <pre>{@code
 * class MyHookTckTest extends HookTck {
 *   protected HookFactory factory() {
 *     return new MyHookFactory();
 *   }
 * }
 * }</pre>
 */
public abstract class HookTck {

  /** For subclasses. */
  protected HookTck() {}

  /** The hook's entry point; a new one at every call. */
  protected abstract HookFactory factory();

  /**
   * Configurations that the hook accepts, without what the schema has defaults for; at least one.
   */
  protected List<Map<String, Object>> configurations() {
    return List.of(Map.of());
  }

  /** Requests that the hook is likely to meet; at least two that differ. */
  protected List<CompletionRequest> requests() {
    return List.of(
        CompletionRequest.of("simulated/small", "Why is the sky blue?"),
        CompletionRequest.of("auto", "")
            .withMessages(
                List.of(Message.of("system", "Be brief."), Message.user("Name a colour."))));
  }

  /** Whether equal exchanges at equal times end equally; false for hooks that draw lots. */
  protected boolean deterministic() {
    return true;
  }

  @Test
  void shouldSayWhatItIsTheSameAtEveryCall() {
    HookDescriptor descriptor = factory().descriptor();
    assertEquals(descriptor, factory().descriptor(), "descriptor() must not change");
    assertFalse(descriptor.description().isBlank(), "a description helps whoever lists plugins");
    assertFalse(descriptor.version().isBlank(), "a version helps whoever lists plugins");
    assertTrue(
        descriptor.remote() || descriptor.timeBudget().toSeconds() <= 1,
        "a hook runs on a stream thread; one that takes over a second must be remote");
  }

  @Test
  void shouldHaveASchemaThatAcceptsTheSamples() {
    assertFalse(samples().isEmpty(), "configurations() must give at least one");
    for (Map<String, Object> config : samples()) {
      assertEquals(
          factory().descriptor().name(),
          factory().descriptor(config).name(),
          "descriptor(config) must keep the name");
    }
  }

  @Test
  void shouldOpenAndCloseWithEverySample() throws Exception {
    for (Map<String, Object> config : samples()) {
      create(config).close();
      Hook hook = create(config);
      hook.initialize();
      hook.close();
    }
  }

  @Test
  void shouldNeverReturnNull() throws Exception {
    withHooks(
        (hook, descriptor) -> {
          for (CompletionRequest request : requests()) {
            Exchange exchange = new Exchange(hook, descriptor, request, "1");
            RoutePlan plan =
                new RoutePlan(
                    request, new Target("simulated", "small"), List.of(new Target("b", "m")));
            if (!descriptor.stateful()) {
              assertNotNull(hook.preRequest(plan, exchange.context()), "preRequest");
            }
            exchange.enter().leave(Exchange.completion());
            assertNotNull(hook.onChunk(new Chunk(0, "{\"choices\":[]}")), "onChunk");
          }
        });
  }

  @Test
  void shouldHaveAScopeKeyWhenTheScopeIsItsOwn() throws Exception {
    withHooks(
        (hook, descriptor) -> {
          for (CompletionRequest request : requests()) {
            if (descriptor.scope() == Scope.OWN) {
              String key = hook.scopeKey(request, new TestContext());
              assertTrue(
                  !key.isEmpty() && key.length() <= 256,
                  "scopeKey has 1 to 256 characters: " + key);
            }
          }
        });
  }

  @Test
  void shouldSayWhatItKnowsWhenAnOperationIsUnknown() throws Exception {
    withHooks(
        (hook, descriptor) -> {
          IllegalArgumentException refusal =
              assertThrows(
                  IllegalArgumentException.class,
                  () -> hook.operate(Operation.of("no-such-operation"), new TestContext()),
                  "operate refuses what it does not know");
          assertFalse(
              refusal.getMessage() == null || refusal.getMessage().isBlank(),
              "operate says which operations it knows");
        });
  }

  @Test
  void shouldTakeBothKindsOfOutcome() throws Exception {
    withHooks(
        (hook, descriptor) -> {
          for (CompletionRequest request : requests()) {
            for (Outcome outcome : List.of(Exchange.completion(), Exchange.error())) {
              new Exchange(hook, descriptor, request, "1").enter().leave(outcome);
            }
          }
        });
  }

  @Test
  void shouldTakeAnOutcomeWithoutItsOwnNotes() throws Exception {
    withHooks(
        (hook, descriptor) -> {
          for (Outcome outcome : List.of(Exchange.completion(), Exchange.error())) {
            Exchange exchange = new Exchange(hook, descriptor, requests().getFirst(), "1");
            assertNotNull(
                hook.postHook(outcome, exchange.context()),
                "postHook must not return null where preHook left no note: it may have thrown");
          }
        });
  }

  @Test
  void shouldDecideTheSameWhenNothingDiffers() throws Exception {
    if (!deterministic()) {
      return;
    }
    for (Map<String, Object> config : samples()) {
      assertEquals(
          alone(config, 0), alone(config, 0), "equal exchanges at equal times must end equally");
    }
  }

  @Test
  void shouldServeManyThreadsAtOnce() throws Exception {
    withHooks(
        (hook, descriptor) ->
            Threads.call(
                i -> {
                  CompletionRequest request = requests().get(i % requests().size());
                  return new Exchange(hook, descriptor, request, Integer.toString(i))
                      .enter()
                      .leave(i % 3 == 0 ? Exchange.error() : Exchange.completion());
                }));
  }

  @Test
  void shouldKeepExchangesApartWhenTheyOverlap() throws Exception {
    if (!deterministic()) {
      return;
    }
    for (Map<String, Object> config : samples()) {
      HookDescriptor descriptor = factory().descriptor(config);
      try (Hook hook = create(config)) {
        hook.initialize();
        Exchange first = new Exchange(hook, descriptor, requests().getFirst(), "0").enter();
        Exchange second = new Exchange(hook, descriptor, requests().getLast(), "1").enter();
        String message = "what belongs to an exchange goes into its attributes, not into fields";
        assertEquals(alone(config, 0), first.leave(Exchange.completion()), message);
        assertEquals(alone(config, 1), second.leave(Exchange.completion()), message);
      }
    }
  }

  /** The first or the last request as the only one a hook ever sees. */
  private Trace alone(Map<String, Object> config, int which) throws Exception {
    try (Hook hook = create(config)) {
      hook.initialize();
      CompletionRequest request = which == 0 ? requests().getFirst() : requests().getLast();
      return new Exchange(hook, factory().descriptor(config), request, Integer.toString(which))
          .enter()
          .leave(Exchange.completion());
    }
  }

  private void withHooks(BiConsumer<Hook, HookDescriptor> test) throws Exception {
    for (Map<String, Object> config : samples()) {
      try (Hook hook = create(config)) {
        hook.initialize();
        test.accept(hook, factory().descriptor(config));
      }
    }
  }

  private Hook create(Map<String, Object> config) {
    Hook hook = factory().create(config, new TestEnvironment().environment());
    assertNotNull(hook, "create must not return null");
    return hook;
  }

  private List<Map<String, Object>> samples() {
    return SampleConfigs.complete(
        factory().descriptor().configSchema(), new ArrayList<>(configurations()));
  }
}
