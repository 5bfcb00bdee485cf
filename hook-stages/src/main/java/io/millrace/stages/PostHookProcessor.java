package io.millrace.stages;

import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Runs one hook's PostHook where its PreHook ran in this attempt. */
final class PostHookProcessor implements Processor<String, Passage, String, Object> {

  private final HomeSetup setup;
  private final ActiveHook active;
  private final String next;
  private Outlet outlet;
  private HookCall call;

  /**
   * A node for one hook.
   *
   * @param next the node that follows
   */
  PostHookProcessor(HomeSetup setup, ActiveHook active, String next) {
    this.setup = setup;
    this.active = active;
    this.next = next;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    outlet = new Outlet(context, setup.events());
    call = new HookCall(active, HookDirection.POST, outlet, context, true);
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
    Outcome result =
        call.on(
            passage.exchange(),
            passage.outcome(),
            (hook, given, context) -> hook.postHook(given, context));
    if (result != null) {
      passage.note(active.name(), HookDirection.POST, "continue");
      passage.changeOutcome(result);
    } else {
      passage.note(active.name(), HookDirection.POST, "error");
      if (call.consequence() instanceof PipelineError error) {
        passage.changeOutcome(error);
      }
    }
  }
}
