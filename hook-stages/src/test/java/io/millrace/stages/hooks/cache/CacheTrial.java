package io.millrace.stages.hooks.cache;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.PipelineLoad;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.InMemoryState;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A cache, its state, and requests that come one after the other. */
final class CacheTrial {

  final TestEnvironment environment =
      new TestEnvironment().withPrices(target -> new TokenPrice(10, 100)).withLoad(new Load());
  final InMemoryState state = new InMemoryState();
  private final Map<String, Object> config;
  private Hook hook;
  Instant now = TestContext.START;
  Duration queueDelay = Duration.ZERO;
  private long requests;

  CacheTrial(Map<String, Object> config) {
    this.config = config;
    this.hook = create();
  }

  private final class Load implements PipelineLoad {
    @Override
    public Duration queueDelay() {
      return queueDelay;
    }

    @Override
    public long openExchanges() {
      return 0;
    }

    @Override
    public Duration oldestOpen() {
      return Duration.ZERO;
    }
  }

  private Hook create() {
    return new CacheHookFactory().create(config, environment.environment());
  }

  /** As another process with the same state. */
  void restart() {
    hook = create();
  }

  void advance(Duration duration) {
    now = now.plus(duration);
  }

  TestContext context() {
    return new TestContext().withRequestId("r" + requests++).withNow(now).withState(state);
  }

  PreHookResult pre(String prompt, TestContext context) {
    return hook.preHook(request(prompt), context);
  }

  Outcome post(Outcome outcome, TestContext context) {
    return hook.postHook(outcome, context);
  }

  /** Asks, answers where the cache does not, and says which it was. */
  boolean hits(String prompt) {
    TestContext context = context();
    PreHookResult result = pre(prompt, context);
    if (result instanceof PreHookResult.Respond respond) {
      post(respond.response(), context);
      if (!respond.response().text().equals("re: " + prompt)) {
        throw new AssertionError("asked " + prompt + ", answered " + respond.response().text());
      }
      return true;
    }
    post(answer(prompt), context);
    return false;
  }

  String operate(String name) {
    return hook.operate(Operation.of(name), context());
  }

  String operate(Operation operation) {
    return hook.operate(operation, context());
  }

  Summary summary() {
    return Summary.of(state.get("s"));
  }

  long results(Result result) {
    return environment.count(CacheMeters.REQUESTS, Map.of("result", result.wireName()));
  }

  static CompletionRequest request(String prompt) {
    return CompletionRequest.of("m", prompt);
  }

  static Completion answer(String prompt) {
    return Completion.ofText("c", "m", 1, "re: " + prompt, Usage.of(5, 2));
  }
}
