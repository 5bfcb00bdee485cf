package io.millrace.stages;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Exchange;
import java.time.Duration;
import java.util.Locale;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Runs one hook's PreHook, unless the hook is switched off. */
final class PreHookProcessor implements Processor<String, Passage, String, Object> {

  /** Advice to whoever finds no room to wait. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final StageSetup setup;
  private final ActiveHook active;
  private final String next;
  private final String ownPost;
  private Outlet outlet;
  private HookCall call;
  private Parking parking;
  private Joins joins;
  private @Nullable RemoteHook<CompletionRequest, PreHookResult> remote;

  /**
   * A node for one hook.
   *
   * @param next the node that follows when the hook lets the request go on
   */
  PreHookProcessor(StageSetup setup, ActiveHook active, String next) {
    this.setup = setup;
    this.active = active;
    this.next = next;
    this.ownPost = StageNodes.post(active.name());
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    outlet = setup.outlet(context);
    call = new HookCall(active, HookDirection.PRE, outlet, context, true);
    parking = new Parking(context, setup);
    joins = new Joins(context, setup, parking);
    if (active.descriptor().remote()) {
      remote = new RemoteHook<>(setup, active, HookDirection.PRE, outlet, parking, Hook::preHook);
    }
  }

  @Override
  public void process(Record<String, Passage> record) {
    Passage passage = record.value();
    if (!setup.chain().switches().isOn(active.name())) {
      outlet.pass(passage, record.key(), next);
    } else if (remote == null) {
      follow(ask(passage), passage, record.key());
    } else {
      RemoteAnswer answer = remote.answer(passage.exchange());
      if (answer == null) {
        callRemotely(remote, passage, record.key());
      } else {
        follow(playBack(answer, passage), passage, record.key());
      }
    }
  }

  /** What the hook says; null when it failed. */
  private @Nullable PreHookResult ask(Passage passage) {
    Exchange exchange = passage.exchange();
    return call.on(
        exchange,
        passage.request(),
        (hook, request, context) -> {
          ScopeKeys.require(active, exchange, request, context);
          return hook.preHook(request, context);
        });
  }

  /** What the hook said when it was called remotely; null when it failed. */
  private @Nullable PreHookResult playBack(RemoteAnswer answer, Passage passage) {
    return call.on(
        passage.exchange(),
        passage.request(),
        (hook, request, context) -> answer.playBack(context, PreHookResult.class));
  }

  private void follow(@Nullable PreHookResult result, Passage passage, String key) {
    if (result == null) {
      afterFailure(passage, key);
      return;
    }
    switch (result) {
      case PreHookResult.Continue proceed -> {
        ran(passage, "continue");
        passage.changeRequest(proceed.request());
        outlet.pass(passage, key, next);
      }
      case PreHookResult.Respond respond -> {
        ran(passage, "respond");
        shortCircuit(passage, respond.response(), key);
      }
      case PreHookResult.Fail fail -> {
        ran(passage, "fail");
        shortCircuit(passage, fail.error(), key);
      }
      case PreHookResult.Defer defer -> defer(passage, defer, key);
      case PreHookResult.Join join -> join(passage, join, key);
    }
  }

  /** Once it is called the hook counts as run, whatever comes of the call. */
  private void callRemotely(
      RemoteHook<CompletionRequest, PreHookResult> hook, Passage passage, String key) {
    if (parking.full(passage.exchange().getTenant())) {
      refuseToPark(passage, key);
    } else {
      passage.noteRun(active.name());
      hook.callAndPark(passage, passage.request());
    }
  }

  private void defer(Passage passage, PreHookResult.Defer defer, String key) {
    Exchange exchange = passage.exchange();
    if (parking.full(exchange.getTenant())) {
      refuseToPark(passage, key);
      return;
    }
    long now = outlet.nowMillis();
    Duration left = Duration.ofMillis(Math.max(0, exchange.getDeadlineMillis() - now));
    Duration wait = defer.duration().compareTo(left) < 0 ? defer.duration() : left;
    passage.noteOnce(active.name(), HookDirection.PRE, "defer");
    // A part of a millisecond counts as a whole one.
    long due = now + wait.plusNanos(999_999).toMillis();
    parking.untilTime(active.name(), passage.settled(), now, due, HookDirection.PRE);
    setup.meters().deferred();
  }

  private void join(Passage passage, PreHookResult.Join join, String key) {
    Exchange exchange = passage.exchange();
    String joinKey = JoinKey.of(active.name(), ScopeKeys.of(active, exchange), join.key());
    passage.changeRequest(join.request());
    if (!joins.ledByAnother(joinKey, exchange)) {
      joins.lead(active.name(), joinKey, exchange);
      ran(passage, "lead");
      outlet.pass(passage, key, next);
    } else if (parking.full(exchange.getTenant())) {
      // A call of its own costs the caller less than an error would.
      ran(passage, "alone");
      outlet.pass(passage, key, next);
    } else {
      long now = outlet.nowMillis();
      passage.note(active.name(), HookDirection.PRE, "join");
      parking.untilLeaderIsDone(
          active.name(),
          passage.settled(),
          now,
          joinKey,
          now + ParkingProcessor.LEADER_CHECK.toMillis());
      setup.meters().joined();
    }
  }

  /** The hook has not decided and so has not run. */
  private void refuseToPark(Passage passage, String key) {
    passage.note(active.name(), HookDirection.PRE, "full");
    passage.changeOutcome(
        ErrorCode.QUEUE_FULL
            .error(
                String.format(
                    Locale.ROOT,
                    "%,d requests of tenant '%s' wait already, the most that may; try again later",
                    setup.maxParkedPerTenant(),
                    passage.exchange().getTenant()))
            .withRetryAfter(RETRY_AFTER));
    outlet.pass(passage, key, ownPost);
  }

  private void ran(Passage passage, String decision) {
    passage.note(active.name(), HookDirection.PRE, decision);
    passage.noteRun(active.name());
  }

  private void shortCircuit(Passage passage, Outcome outcome, String key) {
    active.tally().shortCircuit();
    passage.changeOutcome(outcome);
    outlet.pass(passage, key, ownPost);
  }

  /** The hook counts as run all the same: its PostHook may have something to clear away. */
  private void afterFailure(Passage passage, String key) {
    ran(passage, "error");
    PipelineError error = call.consequence();
    if (error != null) {
      passage.changeOutcome(error);
      outlet.pass(passage, key, ownPost);
    } else {
      outlet.pass(passage, key, next);
    }
  }
}
