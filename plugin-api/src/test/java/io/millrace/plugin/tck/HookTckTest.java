package io.millrace.plugin.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.Usage;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The kit finds each kind of fault, and none in a hook that has none. */
class HookTckTest {

  private static final HookDescriptor PLAIN = HookDescriptor.of("sample", "A sample.").build();

  @Nested
  class GoodHookTest extends HookTck {
    @Override
    protected HookFactory factory() {
      return factoryOf(
          HookDescriptor.of("counting", "Counts requests of a tenant.")
              .stateBy(Scope.TENANT)
              .configSchema("{\"properties\":{\"step\":{\"type\":\"integer\",\"default\":2}}}")
              .build(),
          Counting::new);
    }
  }

  @Test
  void shouldFindNull() {
    HookTck kit =
        kit(
            () ->
                new Hook() {
                  @Override
                  @SuppressWarnings("NullAway")
                  public Outcome postHook(Outcome outcome, HookContext context) {
                    return outcome instanceof Completion ? outcome : null;
                  }
                });
    assertFault(kit::shouldTakeBothKindsOfOutcome, "postHook must not return null");
    assertThatCode(kit::shouldNeverReturnNull).doesNotThrowAnyException();
  }

  @Test
  void shouldFindStateOfAnExchangeInAField() {
    HookTck kit = kit(Remembering::new);
    assertFault(
        kit::shouldKeepExchangesApartWhenTheyOverlap,
        "what belongs to an exchange goes into its attributes");
  }

  @Test
  void shouldFindAHookThatNeedsItsNote() {
    HookTck kit =
        kit(
            () ->
                new Hook() {
                  @Override
                  public Outcome postHook(Outcome outcome, HookContext context) {
                    return context.attribute("note").map(note -> outcome).orElseThrow();
                  }
                });
    assertThatThrownBy(kit::shouldTakeAnOutcomeWithoutItsOwnNotes)
        .isInstanceOf(java.util.NoSuchElementException.class);
  }

  @Test
  void shouldFindChance() {
    AtomicInteger chance = new AtomicInteger();
    HookTck kit =
        kit(
            () ->
                new Hook() {
                  @Override
                  public Outcome postHook(Outcome outcome, HookContext context) {
                    return Completion.ofText(
                        "id", "m", 0, "" + chance.incrementAndGet(), Usage.NONE);
                  }
                });
    assertFault(kit::shouldDecideTheSameWhenNothingDiffers, "equal exchanges at equal times");
  }

  @Test
  void shouldFindStateThatWasNotDeclared() {
    HookTck kit = kit(Counting::new);
    assertThatThrownBy(kit::shouldNeverReturnNull)
        .hasMessageContaining("its descriptor does not say it is stateful");
  }

  @Test
  void shouldFindAnAttributeOverItsBound() {
    HookTck kit =
        kit(
            () ->
                new Hook() {
                  @Override
                  public PreHookResult preHook(CompletionRequest request, HookContext context) {
                    context.setAttribute("note", "x".repeat(4_097));
                    return PreHookResult.proceed(request);
                  }
                });
    assertThatThrownBy(kit::shouldNeverReturnNull).hasMessageContaining("at most 4,096 characters");
  }

  @Test
  void shouldFindASchemaThatIsNoneOrRefusesTheSamples() {
    assertFault(
        kit("{\"required\": true}", Map.of())::shouldHaveASchemaThatAcceptsTheSamples,
        "the schema is no JSON Schema");
    assertFault(
        kit("{nonsense", Map.of())::shouldHaveASchemaThatAcceptsTheSamples,
        "the schema is no JSON");
    assertFault(
        kit("{\"required\":[\"key\"]}", Map.of())::shouldHaveASchemaThatAcceptsTheSamples,
        "the schema refuses {}");
    assertThatCode(
            kit("{\"required\":[\"key\"]}", Map.of("key", 1))
                ::shouldHaveASchemaThatAcceptsTheSamples)
        .doesNotThrowAnyException();
  }

  @Test
  void shouldFindAHookThatIsNotForManyThreads() {
    assertFault(kit(Unsafe::new)::shouldServeManyThreadsAtOnce, "several threads");
  }

  private static void assertFault(ThrowingCallable test, String message) {
    assertThatThrownBy(test).isInstanceOf(AssertionError.class).hasMessageContaining(message);
  }

  private static HookTck kit(Supplier<Hook> hooks) {
    return new HookTck() {
      @Override
      protected HookFactory factory() {
        return factoryOf(PLAIN, hooks);
      }
    };
  }

  private static HookTck kit(String schema, Map<String, Object> sample) {
    return new HookTck() {
      @Override
      protected HookFactory factory() {
        return factoryOf(
            HookDescriptor.of("sample", "A sample.").configSchema(schema).build(),
            () -> new Hook() {});
      }

      @Override
      protected java.util.List<Map<String, Object>> configurations() {
        return java.util.List.of(sample);
      }
    };
  }

  private static HookFactory factoryOf(HookDescriptor descriptor, Supplier<Hook> hooks) {
    return new HookFactory() {
      @Override
      public HookDescriptor descriptor() {
        return descriptor;
      }

      @Override
      public Hook create(Map<String, Object> config, HookEnvironment environment) {
        if (descriptor.stateful()) {
          assertThat(config).as("defaults of the schema").containsEntry("step", 2);
        }
        return hooks.get();
      }
    };
  }

  /** Keeps a count in its state, as it should. */
  private static final class Counting implements Hook {
    @Override
    public PreHookResult preHook(CompletionRequest request, HookContext context) {
      byte[] count = context.state().get("count");
      context.state().put("count", new byte[] {(byte) (count == null ? 1 : count[0] + 1)});
      return PreHookResult.proceed(request);
    }
  }

  /** Keeps an exchange's model in a field, as it should not. */
  private static final class Remembering implements Hook {
    private volatile String model = "";

    @Override
    public PreHookResult preHook(CompletionRequest request, HookContext context) {
      model = request.model();
      return PreHookResult.proceed(request);
    }

    @Override
    public Outcome postHook(Outcome outcome, HookContext context) {
      return Completion.ofText("id", model, 0, "", Usage.NONE);
    }
  }

  /** Fails as soon as two threads are in it at once; the first waits until a second one is. */
  private static final class Unsafe implements Hook {
    private final AtomicInteger inside = new AtomicInteger();
    private final CountDownLatch second = new CountDownLatch(1);

    @Override
    public Outcome postHook(Outcome outcome, HookContext context) {
      if (inside.incrementAndGet() > 1) {
        second.countDown();
        throw new IllegalStateException("two threads at once");
      }
      try {
        if (second.await(1, TimeUnit.MINUTES)) {
          throw new IllegalStateException("two threads at once");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      inside.decrementAndGet();
      return outcome;
    }
  }
}
