package io.millrace.stages;

import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Exchange;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Runs one hook's PreHook, unless the hook is switched off. */
final class PreHookProcessor implements Processor<String, Passage, String, Object> {

  private final HomeSetup setup;
  private final ActiveHook active;
  private final String next;
  private final String ownPost;
  private Outlet outlet;
  private HookCall call;

  /**
   * A node for one hook.
   *
   * @param next the node that follows when the hook lets the request go on
   */
  PreHookProcessor(HomeSetup setup, ActiveHook active, String next) {
    this.setup = setup;
    this.active = active;
    this.next = next;
    this.ownPost = HomeNodes.post(active.name());
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    outlet = new Outlet(context, setup.events());
    call = new HookCall(active, HookDirection.PRE, outlet, context, true);
  }

  @Override
  public void process(Record<String, Passage> record) {
    Passage passage = record.value();
    if (!setup.chain().switches().isOn(active.name())) {
      outlet.pass(passage, record.key(), next);
      return;
    }
    Exchange exchange = passage.exchange();
    PreHookResult result =
        call.on(
            exchange,
            passage.request(),
            (hook, request, context) -> {
              ScopeKeys.settle(active, exchange, request, context);
              return hook.preHook(request, context);
            });
    if (result == null) {
      afterFailure(passage, record.key());
      return;
    }
    switch (result) {
      case PreHookResult.Continue proceed -> {
        ran(passage, "continue");
        passage.changeRequest(proceed.request());
        outlet.pass(passage, record.key(), next);
      }
      case PreHookResult.Respond respond -> {
        ran(passage, "respond");
        shortCircuit(passage, respond.response(), record.key());
      }
      case PreHookResult.Fail fail -> {
        ran(passage, "fail");
        shortCircuit(passage, fail.error(), record.key());
      }
      case PreHookResult.Defer defer -> throw new UnsupportedOperationException();
      case PreHookResult.Join join -> throw new UnsupportedOperationException();
    }
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
    if (call.consequence() instanceof PipelineError error) {
      passage.changeOutcome(error);
      outlet.pass(passage, key, ownPost);
    } else {
      outlet.pass(passage, key, next);
    }
  }
}
