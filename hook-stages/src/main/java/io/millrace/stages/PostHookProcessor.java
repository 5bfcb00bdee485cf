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

  /**
   * The note by which a PostHook knows that the outcome is another request's, and whose; empty
   * where that is another tenant's.
   */
  private static final String COALESCED = "coalesced";

  private final StageSetup setup;
  private final ActiveHook active;
  private final String next;
  private final String leadNote;
  private Outlet outlet;
  private HookCall call;
  private Parking parking;
  private Joins joins;
  private @Nullable RemoteHook<Outcome, Outcome> remote;

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
    parking = new Parking(context, setup);
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
    Exchange exchange = passage.exchange();
    String joinKey = exchange.getAttributes().get(leadNote);
    Outcome given = passage.outcome();
    if (!run(passage)) {
      return;
    }
    Lead lead =
        new Lead(
            exchange.getExchangeId(),
            exchange.getAttempt(),
            exchange.getTenant(),
            exchange.getRequestId(),
            passage.outcome() instanceof Completion && given instanceof Completion shared
                ? shared
                : null);
    if (joinKey != null) {
      JoinKey.removeLead(exchange, active.name());
    }
    outlet.pass(passage, record.key(), next);
    if (joinKey != null) {
      endLead(joinKey, lead);
    }
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
    // One after the other: all of them at once could be a lot of memory.
    for (String id : joins.release(joinKey, lead)) {
      ParkedExchange waiter = parking.take(id);
      if (waiter != null) {
        coalesce(waiter.getExchange(), lead.shownTo(waiter.getExchange()), lead.shared());
      }
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
    outlet.event(
        exchange,
        active.name(),
        "request-coalesced",
        leader.isEmpty() ? Map.of() : Map.of("leader", leader));
    if (run(passage)) {
      outlet.pass(passage, passage.key(), next);
    }
  }

  /**
   * Runs the PostHook.
   *
   * @return whether it has run; if not, the exchange waits here for the call of a remote hook
   */
  private boolean run(Passage passage) {
    if (remote == null) {
      run(passage, null);
      return true;
    }
    RemoteAnswer answer = answerOrPark(remote, passage);
    if (answer != null) {
      run(passage, answer);
    }
    return answer != null;
  }

  /** After its deadline nothing waits: the hook is told, and the outcome goes on as it is. */
  private @Nullable RemoteAnswer answerOrPark(RemoteHook<Outcome, Outcome> hook, Passage passage) {
    RemoteAnswer answer = hook.answer(passage.exchange());
    if (answer != null) {
      return answer;
    }
    if (passage.exchange().getDeadlineMillis() <= outlet.nowMillis()) {
      hook.callDetached(passage, passage.outcome());
      return new RemoteAnswer(passage.outcome(), null, Map.of(), List.of());
    }
    passage.unwoundTo(active.name());
    hook.callAndPark(passage, passage.outcome());
    return null;
  }

  private void run(Passage passage, @Nullable RemoteAnswer answered) {
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
