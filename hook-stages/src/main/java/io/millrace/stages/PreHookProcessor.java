package io.millrace.stages;

import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.TrailEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one hook's PreHook. */
final class PreHookProcessor implements Processor<String, Passage, String, Object> {

  private static final Logger LOG = LoggerFactory.getLogger(PreHookProcessor.class);

  private final HookChain.ActiveHook active;
  private final String next;
  private final String ownPost;
  private Outlet outlet;

  /**
   * A node for one hook.
   *
   * @param next the node that follows when the hook lets the request go on
   */
  PreHookProcessor(HookChain.ActiveHook active, String next) {
    this.active = active;
    this.next = next;
    this.ownPost = HomeNodes.post(active.name());
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    outlet = new Outlet(context);
  }

  @Override
  public void process(Record<String, Passage> record) {
    Passage passage = record.value();
    PreHookResult result = decide(passage);
    noteRun(passage.exchange());
    switch (result) {
      case PreHookResult.Continue proceed -> {
        passage.changeRequest(proceed.request());
        outlet.pass(passage, record.key(), next);
      }
      case PreHookResult.Respond respond -> {
        passage.changeOutcome(respond.response());
        outlet.pass(passage, record.key(), ownPost);
      }
      case PreHookResult.Fail fail -> {
        passage.changeOutcome(fail.error());
        outlet.pass(passage, record.key(), ownPost);
      }
      case PreHookResult.Defer defer -> throw new UnsupportedOperationException();
      case PreHookResult.Join join -> throw new UnsupportedOperationException();
    }
  }

  private PreHookResult decide(Passage passage) {
    Exchange exchange = passage.exchange();
    try {
      PreHookResult result =
          Objects.requireNonNull(
              active
                  .hook()
                  .preHook(passage.request(), new ExchangeContext(active.name(), exchange, outlet)),
              "preHook returned null");
      trail(exchange, decisionOf(result));
      return result;
    } catch (RuntimeException e) {
      trail(exchange, "error");
      return afterException(passage, e);
    }
  }

  private PreHookResult afterException(Passage passage, RuntimeException e) {
    LOG.warn("hook {} threw in preHook of {}", active.name(), passage.exchange().getRequestId(), e);
    outlet.event(
        passage.exchange(),
        active.name(),
        "hook-error",
        Map.of("direction", "pre", "error", e.getClass().getName()));
    return active.onError() == OnError.CONTINUE
        ? PreHookResult.proceed(passage.request())
        : PreHookResult.fail(
            ErrorCode.HOOK_FAILED
                .error("hook '" + active.name() + "' failed in preHook")
                .withAllowFallbacks(false));
  }

  /** From here on the hook counts as run: its PostHook will run, whatever comes between. */
  private void noteRun(Exchange exchange) {
    Frame frame = exchange.getFrames().getLast();
    List<String> hooks = new ArrayList<>(frame.getHooks());
    hooks.add(active.name());
    frame.setHooks(hooks);
  }

  private void trail(Exchange exchange, String decision) {
    List<TrailEntry> trail = new ArrayList<>(exchange.getTrail());
    trail.add(new TrailEntry(exchange.getAttempt(), active.name(), "pre", decision));
    exchange.setTrail(trail);
  }

  private static String decisionOf(PreHookResult result) {
    return switch (result) {
      case PreHookResult.Continue proceed -> "continue";
      case PreHookResult.Respond respond -> "respond";
      case PreHookResult.Fail fail -> "fail";
      case PreHookResult.Defer defer -> "defer";
      case PreHookResult.Join join -> "join";
    };
  }
}
