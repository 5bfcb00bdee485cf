package io.millrace.launcher.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run says at its end. */
public final class BatchReport {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final double MILLIS_PER_SECOND = 1000;

  private final BatchPlan plan;
  private final BatchOutcome outcome;
  private final Tally tally;

  BatchReport(BatchPlan plan, BatchOutcome outcome) {
    this.plan = plan;
    this.outcome = outcome;
    this.tally = outcome.tally();
  }

  /** Whether every line has a completion. */
  public boolean success() {
    return outcome.success();
  }

  /** As a table of two columns with a headline. */
  public String table() {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("lines", Figures.count(tally.lines()));
    rows.put("completed", Figures.count(tally.completed()) + recovered());
    rows.put("failed", Figures.count(tally.failed()));
    rows.put("bad", Figures.count(tally.bad()));
    rows.put("skipped", Figures.count(tally.skipped()) + skippedFailed());
    rows.put("duration", Figures.duration(outcome.duration()));
    rows.put("rate", Figures.rate(perSecond()));
    rows.put("tokens in", Figures.count(tally.promptTokens()));
    rows.put("tokens out", Figures.count(tally.completionTokens()));
    rows.put("cost", Figures.cost(tally.costNanos()));
    rows.put("results", plan.output().toString());
    if (tally.failed() + tally.skippedFailed() + tally.bad() > 0) {
      rows.put("errors", plan.errors().toString());
    }
    return rows.entrySet().stream()
        .map(row -> String.format("  %-11s %s", row.getKey(), row.getValue()))
        .collect(Collectors.joining("\n", headline() + "\n", nextStep()));
  }

  private String headline() {
    if (!outcome.finished()) {
      return "Batch " + plan.name() + " was stopped.";
    }
    return outcome.success()
        ? "Batch " + plan.name() + ": every line has a completion."
        : "Batch " + plan.name() + ": not every line has a completion.";
  }

  private String recovered() {
    return tally.recovered() == 0
        ? ""
        : " (" + Figures.count(tally.recovered()) + " results came from an earlier run)";
  }

  private String skippedFailed() {
    return tally.skipped() == 0
        ? ""
        : " (done before; " + Figures.count(tally.skippedFailed()) + " of them had failed)";
  }

  private String nextStep() {
    if (!outcome.finished()) {
      return "\nRun the same command again to go on where it stopped.";
    }
    String again = "\nRun the same command with --retry-failed to try the failed lines once more.";
    String look = "\nWhat a line has to look like: examples/prompts.jsonl, docs/batch.md.";
    return (tally.failed() + tally.skippedFailed() == 0 ? "" : again)
        + (tally.bad() == 0 ? "" : look);
  }

  private double perSecond() {
    double seconds = outcome.duration().toMillis() / MILLIS_PER_SECOND;
    return seconds == 0 ? 0 : tally.written() / seconds;
  }

  /** As one JSON object on one line. */
  public String json() {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("batch", plan.name());
    json.put("finished", outcome.finished());
    json.put("success", outcome.success());
    json.put("lines", tally.lines());
    json.put("completed", tally.completed());
    json.put("failed", tally.failed());
    json.put("bad", tally.bad());
    json.put("skipped", tally.skipped());
    json.put("skipped_failed", tally.skippedFailed());
    json.put("recovered", tally.recovered());
    json.put("duration_seconds", outcome.duration().toMillis() / MILLIS_PER_SECOND);
    json.put("results_per_second", perSecond());
    json.put("prompt_tokens", tally.promptTokens());
    json.put("completion_tokens", tally.completionTokens());
    json.put("cost_usd", Figures.dollars(tally.costNanos()));
    json.put("output", plan.output().toString());
    json.put("errors", plan.errors().toString());
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }
}
