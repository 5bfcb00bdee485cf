package io.millrace.stages;

import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.schemas.avro.Exchange;
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

/** Runs one hook's PostHook where its PreHook ran in this attempt. */
final class PostHookProcessor implements Processor<String, Passage, String, Object> {

  private static final Logger LOG = LoggerFactory.getLogger(PostHookProcessor.class);

  private final HookChain.ActiveHook active;
  private final String next;
  private Outlet outlet;

  /**
   * A node for one hook.
   *
   * @param next the node that follows
   */
  PostHookProcessor(HookChain.ActiveHook active, String next) {
    this.active = active;
    this.next = next;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    outlet = new Outlet(context);
  }

  @Override
  public void process(Record<String, Passage> record) {
    Passage passage = record.value();
    if (passage.hooksToUnwind().contains(active.name())) {
      run(passage);
    }
    outlet.pass(passage, record.key(), next);
  }

  private void run(Passage passage) {
    Exchange exchange = passage.exchange();
    Outcome given = passage.outcome();
    try {
      Outcome result =
          Objects.requireNonNull(
              active.hook().postHook(given, new ExchangeContext(active.name(), exchange, outlet)),
              "postHook returned null");
      passage.changeOutcome(result);
      trail(exchange, "continue");
    } catch (RuntimeException e) {
      trail(exchange, "error");
      afterException(passage, e);
    }
  }

  private void afterException(Passage passage, RuntimeException e) {
    LOG.warn(
        "hook {} threw in postHook of {}", active.name(), passage.exchange().getRequestId(), e);
    outlet.event(
        passage.exchange(),
        active.name(),
        "hook-error",
        Map.of("direction", "post", "error", e.getClass().getName()));
    if (active.onError() == OnError.FAIL) {
      passage.changeOutcome(
          ErrorCode.HOOK_FAILED
              .error("hook '" + active.name() + "' failed in postHook")
              .withAllowFallbacks(false));
    }
  }

  private void trail(Exchange exchange, String decision) {
    List<TrailEntry> trail = new ArrayList<>(exchange.getTrail());
    trail.add(new TrailEntry(exchange.getAttempt(), active.name(), "post", decision));
    exchange.setTrail(trail);
  }
}
