package io.millrace.launcher.cli;

import com.github.freva.asciitable.AsciiTable;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.PipelineTopics;
import io.millrace.launcher.pipeline.Plugins;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates and lists the pipeline's topics. */
@Command(
    name = "topics",
    description = "Create or list the pipeline's topics.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace topics create \\",
      "    --bootstrap-servers kafka:9092 --schema-registry http://registry:8081",
      "  millrace topics list --json"
    })
final class TopicsCommand extends CommandGroup {

  private static final int HOURS_PER_DAY = 24;

  @Command(
      name = "create",
      description = "Create the topics that are missing; never changes one that exists.",
      mixinStandardHelpOptions = true)
  int create(@Mixin GlobalOptions global, @Mixin ClusterOptions cluster) {
    MillraceConfig config = global.loadConfig().config();
    List<Topic> topics = topics(global, config);
    List<String> created =
        PipelineTopics.createMissing(
            topics, cluster.connection(global), config.topics().replicationFactor());
    created.forEach(name -> out().println("created " + name));
    out().printf("%d created, %d were there%n", created.size(), topics.size() - created.size());
    return 0;
  }

  @Command(
      name = "list",
      description = "List the topics the configuration needs, and whether they exist.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin GlobalOptions global,
      @Mixin ClusterOptions cluster,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    KafkaConnection connection = cluster.connection(global);
    Set<String> existing = PipelineTopics.existing(connection);
    List<Row> rows =
        topics(global, global.loadConfig().config()).stream()
            .map(topic -> Row.of(topic, existing.contains(topic.name())))
            .toList();
    out().println(json ? Listing.asJson(rows) : asTable(rows));
    return 0;
  }

  private static List<Topic> topics(GlobalOptions global, MillraceConfig config) {
    try (Plugins plugins = Plugins.load(config, global.dataDir())) {
      return PipelineTopics.of(config, global.dataDir(), plugins);
    }
  }

  private static String asTable(List<Row> rows) {
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        rows,
        List.of(
            Listing.column("topic").with(Row::name),
            Listing.column("key").with(Row::key),
            Listing.column("value").with(Row::value),
            Listing.column("partitions").with(row -> Integer.toString(row.partitions())),
            Listing.column("retention").with(Row::retention),
            Listing.column("exists").with(row -> row.exists() ? "yes" : "no")));
  }

  /** One line of the list. */
  record Row(
      String name, String key, String value, int partitions, String retention, boolean exists) {

    static Row of(Topic topic, boolean exists) {
      return new Row(
          topic.name(),
          topic.key(),
          value(topic.valueType(), topic),
          topic.partitions(),
          topic.compacted() ? "compacted" : written(topic.retention()),
          exists);
    }

    /** {@code 7d} or {@code 1h}: durations of topics are whole hours. */
    private static String written(Duration retention) {
      long hours = retention.toHours();
      return hours > HOURS_PER_DAY && hours % HOURS_PER_DAY == 0
          ? hours / HOURS_PER_DAY + "d"
          : hours + "h";
    }

    private static String value(@Nullable Class<? extends SpecificRecord> type, Topic topic) {
      return type == null ? Objects.toString(topic.format()) : type.getSimpleName();
    }
  }
}
