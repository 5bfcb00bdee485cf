package io.millrace.stages;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.AttemptSummary;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Target;
import io.millrace.schemas.model.AvroModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Ends an attempt: with the result, or with the next attempt. */
final class SettleProcessor implements Processor<String, Passage, String, Object> {

  private final StageSetup setup;
  private ProcessorContext<String, Object> context;
  private Outlet outlet;
  private Ledger ledger;
  private ResultSender results;

  SettleProcessor(StageSetup setup) {
    this.setup = setup;
  }

  @Override
  public void init(ProcessorContext<String, Object> taskContext) {
    context = taskContext;
    outlet = setup.outlet(taskContext);
    ledger = new Ledger(taskContext, setup);
    results = new ResultSender(taskContext, setup);
  }

  @Override
  public void process(Record<String, Passage> record) {
    Passage passage = record.value();
    outlet.hooksGone(passage, setup::has);
    Exchange exchange = passage.settled();
    Frames.pop(exchange);
    switch (passage.outcome()) {
      case Completion completion -> finish(exchange, exchange.getOutcome());
      case PipelineError error -> settle(exchange, error, record.key());
    }
  }

  private void settle(Exchange exchange, PipelineError error, String key) {
    List<Target> fallbacks = exchange.getFallbacks();
    switch (Settlement.of(error, firstError(exchange, error), model(fallbacks), this::usable)) {
      case Settlement.NextAttempt next -> {
        reportSkipped(exchange, next.skipped());
        startNext(exchange, next, key);
      }
      case Settlement.End end -> {
        reportSkipped(exchange, end.skipped());
        finish(exchange, AvroModel.toAvro(end.error()));
      }
    }
  }

  /** The next attempt starts from the request as preRequest left it, over the topic. */
  private void startNext(Exchange exchange, Settlement.NextAttempt next, String key) {
    closeAttempt(exchange, exchange.getOutcome());
    outlet.event(
        exchange, outlet.source(), "fallback-started", Map.of("target", next.target().toString()));
    exchange.setAttempt(exchange.getAttempt() + 1);
    exchange.setTarget(avro(next.target()));
    exchange.setFallbacks(next.remaining().stream().map(SettleProcessor::avro).toList());
    exchange.setOutcome(null);
    exchange.setEffectiveRequest(null);
    exchange.setAttributes(Map.of());
    exchange.setAttemptCostNanos(0L);
    ledger.awaitFallback(exchange);
    setup.meters().fallback();
    context.forward(new Record<>(key, exchange, outlet.nowMillis()), StageNodes.TO_NEXT_ATTEMPT);
  }

  private void finish(Exchange exchange, Object outcome) {
    long now = outlet.nowMillis();
    closeAttempt(exchange, exchange.getOutcome());
    Target target = exchange.getTarget();
    CompletionResult result =
        new CompletionResult(
            exchange.getRequestId(),
            exchange.getTenant(),
            exchange.getRequest().getModel(),
            outcome,
            target == null ? null : target.getProvider(),
            target == null ? null : target.getModel(),
            exchange.getAttempts(),
            exchange.getLane(),
            exchange.getAcceptedAtMillis(),
            now,
            exchange.getAttempts().stream().mapToLong(AttemptSummary::getCostNanos).sum(),
            exchange.getResponseHeaders());
    ledger.finish(exchange, now);
    setup.meters().result(!(outcome instanceof io.millrace.schemas.avro.PipelineError), result);
    if (!exchange.getBackground()) {
      results.send(result, exchange.getHeaders());
    }
  }

  private void closeAttempt(Exchange exchange, Object outcome) {
    Target target = exchange.getTarget();
    if (target == null) {
      return;
    }
    List<AttemptSummary> attempts = new ArrayList<>(exchange.getAttempts());
    attempts.add(
        new AttemptSummary(
            exchange.getAttempt(),
            target.getProvider(),
            target.getModel(),
            outcome instanceof io.millrace.schemas.avro.PipelineError error ? error : null,
            exchange.getAttemptStartedAtMillis(),
            outlet.nowMillis(),
            exchange.getAttemptCostNanos()));
    exchange.setAttempts(attempts);
  }

  private void reportSkipped(Exchange exchange, List<io.millrace.plugin.model.Target> skipped) {
    for (var target : skipped) {
      outlet.event(
          exchange, outlet.source(), "fallback-skipped", Map.of("target", target.toString()));
    }
  }

  private boolean usable(io.millrace.plugin.model.Target target) {
    return setup.refusal(target) == null;
  }

  private static PipelineError firstError(Exchange exchange, PipelineError latest) {
    return exchange.getAttempts().isEmpty() || exchange.getAttempts().getFirst().getError() == null
        ? latest
        : AvroModel.toModel(exchange.getAttempts().getFirst().getError());
  }

  private static List<io.millrace.plugin.model.Target> model(List<Target> targets) {
    return targets.stream()
        .map(t -> new io.millrace.plugin.model.Target(t.getProvider(), t.getModel()))
        .toList();
  }

  private static Target avro(io.millrace.plugin.model.Target target) {
    return new Target(target.provider(), target.model());
  }
}
