package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.InMemoryState;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestContext.RecordedEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One exchange through one hook, step by step. Used by one thread. */
final class Exchange {

  /** How long the provider takes. */
  private static final Duration CALL = Duration.ofMillis(250);

  private final Hook hook;
  private final CompletionRequest request;
  private final TestContext context;
  private @Nullable PreHookResult before;

  Exchange(Hook hook, HookDescriptor descriptor, CompletionRequest request, String id) {
    this.hook = hook;
    this.request = request;
    this.context =
        new TestContext()
            .withTenant("tenant-" + id)
            .withRequestId("request-" + id)
            .withState(
                descriptor.stateful() ? new InMemoryState() : new NoState(descriptor.name()));
  }

  /** All that an exchange shows to the outside; equal exchanges have equal ones. */
  record Trace(PreHookResult before, Outcome after, List<RecordedEvent> events) {}

  Exchange enter() {
    before = assertNotNullResult(hook.preHook(request, context), "preHook must not return null");
    context.advance(CALL);
    return this;
  }

  /** Leaves with an outcome, or with what the PreHook settled. */
  Trace leave(Outcome provided) {
    PreHookResult result = java.util.Objects.requireNonNull(before, "enter first");
    Outcome outcome =
        switch (result) {
          case PreHookResult.Respond respond -> respond.response();
          case PreHookResult.Fail failure -> failure.error();
          case PreHookResult.Continue ignored -> provided;
          case PreHookResult.Defer ignored -> provided;
          case PreHookResult.Join ignored -> provided;
        };
    Outcome after =
        assertNotNullResult(hook.postHook(outcome, context), "postHook must not return null");
    return new Trace(result, after, context.events());
  }

  TestContext context() {
    return context;
  }

  static Completion completion() {
    return Completion.ofText("completion", "model", 1_767_225_600, "An answer.", Usage.of(7, 3));
  }

  static PipelineError error() {
    return new PipelineError(
        "upstream_error", ErrorCategory.UPSTREAM, "The provider failed.", 502, null, null, null);
  }

  private static <T> T assertNotNullResult(T value, String message) {
    assertNotNull(value, message);
    return value;
  }

  /** The state of a hook that declared none. */
  private record NoState(String hook) implements KeyedState {

    private IllegalStateException refused() {
      return new IllegalStateException(
          "hook '" + hook + "' uses state, and its descriptor does not say it is stateful");
    }

    @Override
    public byte @Nullable [] get(String key) {
      throw refused();
    }

    @Override
    public void put(String key, byte[] value) {
      throw refused();
    }

    @Override
    public void delete(String key) {
      throw refused();
    }

    @Override
    public List<Entry> range(String from, String to, int limit) {
      throw refused();
    }
  }
}
