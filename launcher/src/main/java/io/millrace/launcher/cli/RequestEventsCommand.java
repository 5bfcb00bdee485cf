package io.millrace.launcher.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.launcher.config.DurationText;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.PipelineTopics;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.history.HistoryJson;
import io.millrace.schemas.history.HistoryQuery;
import io.millrace.schemas.history.HistoryStep;
import io.millrace.schemas.history.RequestHistory;
import io.millrace.schemas.history.RequestHistory.Told;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.openai.CompletionResultJson;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what happened to a request. */
@Command(
    name = "events",
    description =
        "Show what happened to a request: events, calls to providers, and how it ended. Reads the"
            + " topics themselves.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace request events 0193e5a0-…",
      "  millrace request events nightly-17 --tenant team-a --follow",
      "  millrace request events nightly-17 --json | jq .attributes"
    })
final class RequestEventsCommand implements Callable<Integer> {

  /** How many records of all requests are looked through. */
  private static final long MAX_RECORDS = 20_000_000;

  private static final Duration POLL = Duration.ofMillis(500);

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "ID", description = "The request's id.")
  private String id = "";

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "Who asked. Default: the configuration's default tenant.")
  private @Nullable String tenant;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "How far to look back. Default: ${DEFAULT-VALUE}, for which events are kept.",
      defaultValue = "24h")
  private String since = "";

  @Option(names = "--follow", description = "Wait for what comes, until the result is there.")
  private boolean follow;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public Integer call() {
    MillraceConfig config = global.clientConfig();
    String whose = tenant == null ? config.requests().defaultTenant() : tenant;
    TopicCatalogue topics = config.topicCatalogue();
    KafkaConnection connection = cluster.connection(global);
    Stream.of(topics.events(), topics.attempts(), topics.completions())
        .forEach(topic -> PipelineTopics.require(connection, topic));
    long from = Instant.now().minus(DurationText.parse(since)).toEpochMilli();
    HistoryQuery query = HistoryQuery.since(whose, id, from, MAX_RECORDS);
    try (SchemaRegistry registry = connection.openRegistry();
        RequestHistory history =
            RequestHistory.open(connection, topics, new AvroSerdes(registry), query)) {
      return show(history, whose);
    }
  }

  private int show(RequestHistory history, String whose) {
    PrintWriter err = spec.commandLine().getErr();
    List<Told> past = history.past(new ReadingProgress(err, System::nanoTime));
    if (history.cut()) {
      err.println("millrace: the oldest events are left out");
    }
    if (history.unread()) {
      err.println("millrace: the newest events may be missing: " + stalled());
    }
    err.flush();
    boolean over = print(past);
    while (follow && !over && !spec.commandLine().getOut().checkError()) {
      over = print(history.poll(POLL));
    }
    if (past.isEmpty() && !over) {
      throw history.unread() ? notRead(whose) : unknown(whose, history.cut());
    }
    return 0;
  }

  private static String stalled() {
    return "nothing came from Kafka for " + ReadingProgress.PATIENCE.toSeconds() + " s";
  }

  private CommandFailure notRead(String whose) {
    return new CommandFailure(
        "the topics could not be read to their end, so it is not known what became of request %s of"
                .formatted(id)
            + " tenant %s: %s; try again when all brokers are up".formatted(whose, stalled()));
  }

  private CommandFailure unknown(String whose, boolean cut) {
    return new CommandFailure(
        cut
            ? "nothing was found of request %s of tenant %s in the newest part of the topics; older"
                    .formatted(id, whose)
                + " events were left out"
            : "nothing is known of request %s of tenant %s in the last %s; --tenant names another"
                    .formatted(id, whose, since)
                + " tenant, --since looks further back, --follow waits for it");
  }

  /** Whether the result is among them. */
  private boolean print(List<Told> steps) {
    PrintWriter out = spec.commandLine().getOut();
    boolean over = false;
    for (Told told : steps) {
      over |= told.step() instanceof HistoryStep.Settled;
      out.println(json ? object(told.step()) : PlainText.of(line(told.step())));
    }
    out.flush();
    return over;
  }

  private static ObjectNode object(HistoryStep step) {
    return switch (step) {
      case HistoryStep.Said(var event) -> HistoryJson.write(event);
      case HistoryStep.Called(var made) -> HistoryJson.write(made);
      case HistoryStep.Settled(var result) ->
          CompletionResultJson.write(result).put("type", type(result));
    };
  }

  private static String line(HistoryStep step) {
    StringBuilder line = new StringBuilder(Instant.ofEpochMilli(step.atMillis()).toString());
    if (step instanceof HistoryStep.Settled(CompletionResult result)) {
      line.append("  ").append(type(result));
      if (result.getOutcome() instanceof PipelineError error) {
        line.append("  ").append(error.getCode()).append(": ").append(error.getMessage());
      }
      return line.toString();
    }
    ObjectNode object = object(step);
    line.append("  ").append(object.path("type").asText());
    line.append("  ").append(object.path("source").asText());
    if (object.has("attempt")) {
      line.append("  attempt=").append(object.path("attempt").asInt());
    }
    object
        .path("attributes")
        .properties()
        .forEach(
            each ->
                line.append(' ')
                    .append(each.getKey())
                    .append('=')
                    .append(each.getValue().asText()));
    return line.toString();
  }

  private static String type(CompletionResult result) {
    return result.getOutcome() instanceof PipelineError ? "request-failed" : "request-completed";
  }
}
