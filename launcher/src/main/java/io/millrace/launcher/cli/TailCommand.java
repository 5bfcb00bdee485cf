package io.millrace.launcher.cli;

import io.millrace.launcher.pipeline.PipelineTopics;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the records of a topic as JSON lines. */
@Command(
    name = "tail",
    description =
        "Print the records of a topic as JSON lines, committed ones only, until it is stopped.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace tail completions",
      "  millrace tail events --from-beginning --max 20",
      "  millrace tail dead-letters --from-beginning --no-follow | jq .headers"
    })
final class TailCommand implements Callable<Integer> {

  /** What can be tailed. */
  enum Stream {
    REQUESTS,
    COMPLETIONS,
    CHUNKS,
    EVENTS,
    ATTEMPTS,
    ANALYTICS,
    ALERTS,
    DEAD_LETTERS;

    Topic topic(TopicCatalogue topics) {
      return switch (this) {
        case REQUESTS -> topics.requests();
        case COMPLETIONS -> topics.completions();
        case CHUNKS -> topics.completionChunks();
        case EVENTS -> topics.events();
        case ATTEMPTS -> topics.attempts();
        case ANALYTICS -> topics.analyticsRealtime();
        case ALERTS -> topics.alerts();
        case DEAD_LETTERS -> topics.deadLetters();
      };
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "TOPIC", description = "${COMPLETION-CANDIDATES}.")
  private Stream stream;

  @Option(names = "--from-beginning", description = "Start with the oldest record kept.")
  private boolean fromBeginning;

  @Option(names = "--max", paramLabel = "N", description = "Stop after this many records.")
  private long max = Long.MAX_VALUE;

  @Option(
      names = "--no-follow",
      negatable = true,
      description = "Stop at the newest record instead of waiting for more.")
  private boolean noFollow;

  @Override
  public Integer call() {
    KafkaConnection connection = cluster.connection(global);
    Topic topic = stream.topic(global.clientConfig().topicCatalogue());
    PipelineTopics.require(connection, topic);
    PrintWriter out = spec.commandLine().getOut();
    try (SchemaRegistry registry = connection.openRegistry();
        TopicTail tail =
            TopicTail.open(
                connection, topic, fromBeginning ? TopicTail.From.BEGINNING : TopicTail.From.END)) {
      RecordLine lines = new RecordLine(topic, new AvroSerdes(registry));
      tail.read(
          !noFollow,
          max,
          taken -> {
            out.println(lines.of(taken));
            // A reader that has had enough, such as head, says so by closing the pipe.
            return !out.checkError();
          });
    }
    return 0;
  }
}
