package io.millrace.stages;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.ParkedExchange;
import io.millrace.stages.Joins.Lead;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Runs one hook's PostHook where its PreHook ran in this attempt. */
final class PostHookProcessor implements Processor<String, Passage, String, Object> {

  /** The note by which a PostHook knows that the outcome is another request's, and whose. */
  private static final String COALESCED = "coalesced";

  private final StageSetup setup;
  private final ActiveHook active;
  private final String next;
  private final String leadNote;
  private Outlet outlet;
  private HookCall call;
  private Joins joins;
  private @Nullable RemoteHook<Outcome, Outcome> remote;
  private @Nullable RemoteAnswer answer;

  /**
   * A node for one hook.
   *
   * @param next the node that follows
   */
  PostHookProcessor(StageSetup setup, ActiveHook active, String next) {
    this.setup = setup;
    this.active = active;
    this.next = next;
    this.leadNote = JoinKey.attribute(active.name());
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    outlet = setup.outlet(context);
    call = new HookCall(active, HookDirection.POST, outlet, context, true);
    Parking parking = new Parking(context, setup);
    joins = new Joins(context, setup, parking);
    if (active.descriptor().remote()
        && active.overrides("postHook", Outcome.class, HookContext.class)) {
      remote = new RemoteHook<>(setup, active, HookDirection.POST, outlet, parking, Hook::postHook);
    }
  }

  @Override
  public void process(Record<String, Passage> record) {
    Passage passage = record.value();
    if (!passage.hooksToUnwind().contains(active.name())) {
      outlet.pass(passage, record.key(), next);
      return;
    }
    if (waitsForRemote(passage)) {
      return;
    }
    Exchange exchange = passage.exchange();
    String joinKey = exchange.getAttributes().get(leadNote);
    if (joinKey == null) {
      run(passage);
      outlet.pass(passage, record.key(), next);
      return;
    }
    Outcome given = passage.outcome();
    run(passage);
    Lead lead =
        new Lead(
            exchange.getExchangeId(),
            exchange.getAttempt(),
            exchange.getRequestId(),
            passage.outcome() instanceof Completion && given instanceof Completion shared
                ? shared
                : null);
    outlet.pass(passage, record.key(), next);
    endLead(joinKey, lead);
  }

  /**
   * Those who waited take what came back to the leader at this hook, not what the hook made of it:
   * their own PostHook does that, with their own notes. A response that did not survive the
   * leader's PostHook is no success.
   */
  private void endLead(String joinKey, Lead lead) {
    if (lead.shared() == null) {
      joins.passOn(joinKey, lead, outlet.nowMillis());
      return;
    }
    for (ParkedExchange waiter : joins.release(joinKey, lead)) {
      coalesce(waiter.getExchange(), lead.requestId(), lead.shared());
    }
  }

  private void coalesce(Exchange exchange, String leader, Completion shared) {
    Passage passage = new Passage(exchange);
    passage.note(active.name(), HookDirection.PRE, "coalesced");
    passage.noteRun(active.name());
    Map<String, String> attributes = new HashMap<>(exchange.getAttributes());
    attributes.put(active.name() + "/" + COALESCED, leader);
    exchange.setAttributes(attributes);
    exchange.setAttemptCostNanos(0L);
    passage.changeOutcome(shared);
    setup.meters().coalesced();
    outlet.event(exchange, active.name(), "request-coalesced", Map.of("leader", leader));
    if (waitsForRemote(passage)) {
      return;
    }
    run(passage);
    outlet.pass(passage, passage.key(), next);
  }

  /**
   * Whether the exchange waits here for the call of a remote hook. After its deadline nothing
   * waits: the hook is told, and the outcome goes on as it is.
   */
  private boolean waitsForRemote(Passage passage) {
    answer = null;
    if (remote == null) {
      return false;
    }
    answer = remote.answer(passage.exchange());
    if (answer != null) {
      return false;
    }
    if (passage.exchange().getDeadlineMillis() <= outlet.nowMillis()) {
      remote.callDetached(passage, passage.outcome());
      answer = new RemoteAnswer(passage.outcome(), null, Map.of(), List.of());
      return false;
    }
    passage.unwoundTo(active.name());
    remote.callAndPark(passage, passage.outcome());
    return true;
  }

  private void run(Passage passage) {
    RemoteAnswer answered = answer;
    Outcome result =
        call.on(
            passage.exchange(),
            passage.outcome(),
            (hook, given, context) ->
                answered == null
                    ? hook.postHook(given, context)
                    : answered.playBack(context, Outcome.class));
    if (result != null) {
      passage.note(active.name(), HookDirection.POST, "continue");
      passage.changeOutcome(result);
    } else {
      passage.note(active.name(), HookDirection.POST, "error");
      PipelineError error = call.consequence();
      if (error != null) {
        passage.changeOutcome(error);
      }
    }
  }
}
