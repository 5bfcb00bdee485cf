package io.millrace.stages;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.TrailEntry;
import io.millrace.schemas.model.AvroModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An exchange on its way through the nodes of one task. Hooks see the plugin model, topics carry
 * Avro: this translates once, and back only what a hook changed. Used by one thread.
 */
final class Passage {

  private final Exchange exchange;
  private @Nullable CompletionRequest request;
  private @Nullable Outcome outcome;
  private @Nullable List<TrailEntry> trail;
  private @Nullable List<String> ran;
  private boolean requestChanged;
  private boolean outcomeChanged;

  Passage(Exchange exchange) {
    this.exchange = exchange;
  }

  /** The exchange; changes to its request and outcome are in it after {@link #settled()}. */
  Exchange exchange() {
    return exchange;
  }

  /** The request as hooks left it. */
  CompletionRequest request() {
    if (request == null) {
      request =
          AvroModel.toModel(
              Objects.requireNonNullElse(exchange.getEffectiveRequest(), exchange.getRequest()));
    }
    return request;
  }

  void changeRequest(CompletionRequest replacement) {
    if (replacement != request()) {
      request = replacement;
      requestChanged = true;
    }
  }

  /** The outcome as hooks left it; only where there is one. */
  Outcome outcome() {
    if (outcome == null) {
      outcome = received();
    }
    return outcome;
  }

  private Outcome received() {
    return switch (exchange.getOutcome()) {
      case io.millrace.schemas.avro.Completion completion -> AvroModel.toModel(completion);
      case io.millrace.schemas.avro.PipelineError error -> AvroModel.toModel(error);
      case null, default -> {
        outcomeChanged = true;
        yield ErrorCode.INTERNAL_ERROR.error(
            "attempt " + exchange.getAttempt() + " came back without an outcome");
      }
    };
  }

  void changeOutcome(Outcome replacement) {
    if (replacement != outcome) {
      outcome = replacement;
      outcomeChanged = true;
    }
  }

  /** The hooks whose PreHook ran in this attempt, in the order they ran. */
  List<String> hooksToUnwind() {
    List<Frame> frames = exchange.getFrames();
    return frames.isEmpty() ? List.of() : frames.getLast().getHooks();
  }

  /** The key of the records that carry the exchange on this stage's topics. */
  String key() {
    return exchange.getFrames().getLast().getScopeKey();
  }

  /** From here on the hook counts as run: its PostHook will run, whatever comes between. */
  void noteRun(String hook) {
    if (ran == null) {
      Frame frame = exchange.getFrames().getLast();
      ran = new ArrayList<>(frame.getHooks());
      frame.setHooks(ran);
    }
    if (!ran.contains(hook)) {
      ran.add(hook);
    }
  }

  /** From here on the PostHooks after this hook's have run, and do not run again. */
  void unwoundTo(String hook) {
    Frame frame = exchange.getFrames().getLast();
    List<String> hooks = frame.getHooks();
    ran = new ArrayList<>(hooks.subList(0, hooks.indexOf(hook) + 1));
    frame.setHooks(ran);
  }

  /** Adds to the trail, which is copied once, not at every hook. */
  void note(String hook, HookDirection direction, String decision) {
    if (trail == null) {
      trail = new ArrayList<>(exchange.getTrail());
      exchange.setTrail(trail);
    }
    trail.add(new TrailEntry(exchange.getAttempt(), hook, direction.wireName(), decision));
  }

  /**
   * The same, unless it is what the trail says last: a hook may put the same thing off for long.
   */
  void noteOnce(String hook, HookDirection direction, String decision) {
    List<TrailEntry> entries = exchange.getTrail();
    TrailEntry entry = new TrailEntry(exchange.getAttempt(), hook, direction.wireName(), decision);
    if (entries.isEmpty() || !entries.getLast().equals(entry)) {
      note(hook, direction, decision);
    }
  }

  /** The exchange with every change written into it. */
  Exchange settled() {
    if (requestChanged) {
      exchange.setEffectiveRequest(AvroModel.toAvro(request(), exchange.getRequest()));
      requestChanged = false;
    }
    Outcome settled = outcome;
    if (outcomeChanged && settled != null) {
      exchange.setOutcome(
          switch (settled) {
            case Completion completion -> AvroModel.toAvro(completion);
            case PipelineError error -> AvroModel.toAvro(error);
          });
      outcomeChanged = false;
    }
    return exchange;
  }
}
