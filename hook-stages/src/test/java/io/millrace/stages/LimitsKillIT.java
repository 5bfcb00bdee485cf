package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.embedded.registry.EmbeddedRegistry;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Limits and budgets while processes die: two instances under load, each killed once with SIGKILL,
 * stay within both to the last request and the last nano-dollar.
 */
@Order(1)
@ExtendWith(BrokerExtension.class)
@ResourceLock("the topic of the schema registry, which has one writer")
class LimitsKillIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TENANTS = 3;
  private static final int REQUESTS_PER_TENANT = 60;
  private static final Pattern TAKEN = Pattern.compile("second=1@(\\d+)");
  private static final Pattern SPENT = Pattern.compile(" USD: 0\\.(\\d+) spent");

  @TempDir private Path folder;

  private final List<Process> processes = new ArrayList<>();
  private final Map<String, CompletionResult> results = new HashMap<>();
  private int started;

  @Test
  void shouldHoldLimitAndBudgetExactlyWhenInstancesAreKilled(TestBroker broker) throws Exception {
    TopicCatalogue topics = broker.freshTopics(LimitedStageMain.PARTITIONS);
    try (EmbeddedRegistry server =
        EmbeddedRegistry.start(broker.bootstrapServers(), "127.0.0.1", 0)) {
      KafkaConnection connection = KafkaConnection.of(broker.bootstrapServers(), server.url());
      createTopics(broker, topics, connection);
      SchemaRegistry registry = connection.openRegistry();
      try (ReplyingWorker worker = new ReplyingWorker(connection, registry, dispatches(topics));
          KafkaConsumer<String, CompletionResult> completions =
              consumer(connection, registry, "results", CompletionResult.class)) {
        completions.subscribe(List.of(topics.completions().name()));
        Process first = start(connection, topics);
        Process second = start(connection, topics);
        send(connection, registry, topics, 0, REQUESTS_PER_TENANT);
        awaitResults(completions, 40);
        awaitUncommitted(worker);
        kill(first);
        Process third = start(connection, topics);
        awaitResults(completions, 90);
        awaitUncommitted(worker);
        kill(second);
        awaitResults(completions, TENANTS * REQUESTS_PER_TENANT);
        assertWithinBudget();
        assertWithinLimit(grants(connection, registry, topics));
        kill(third);
        start(connection, topics);
        send(connection, registry, topics, REQUESTS_PER_TENANT, REQUESTS_PER_TENANT + 1);
        awaitResults(completions, TENANTS * (REQUESTS_PER_TENANT + 1));
        assertRemembered();
      } finally {
        processes.forEach(Process::destroyForcibly);
        registry.close();
      }
    }
  }

  private void assertWithinBudget() {
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      assertThat(spent("t" + tenant))
          .as("spent by t%d", tenant)
          .isLessThanOrEqualTo(LimitedStageMain.BUDGET_NANOS)
          .isGreaterThan(LimitedStageMain.BUDGET_NANOS / 2);
    }
  }

  private long spent(String tenant) {
    return results.values().stream()
        .filter(result -> result.getTenant().equals(tenant))
        .mapToLong(CompletionResult::getCostNanos)
        .sum();
  }

  /** In no second, wherever it begins, more than the limit of those that were answered. */
  private static void assertWithinLimit(Map<String, List<Long>> takenByTenant) {
    assertThat(takenByTenant).hasSize(TENANTS);
    takenByTenant.forEach(
        (tenant, taken) -> {
          taken.sort(null);
          for (int i = LimitedStageMain.LIMIT; i < taken.size(); i++) {
            assertThat(taken.get(i) - taken.get(i - LimitedStageMain.LIMIT))
                .as("between eleven requests of %s", tenant)
                .isGreaterThanOrEqualTo(1_000);
          }
        });
  }

  /** A new process on an empty folder says of every tenant what all results together cost. */
  private void assertRemembered() {
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      String id = id(tenant, REQUESTS_PER_TENANT);
      if (Objects.requireNonNull(results.get(id)).getOutcome() instanceof PipelineError error) {
        Matcher matcher = SPENT.matcher(error.getMessage());
        assertThat(matcher.find()).as(error.getMessage()).isTrue();
        assertThat(Long.parseLong((matcher.group(1) + "000000000").substring(0, 9)))
            .as("spent by t%d", tenant)
            .isEqualTo(spent("t" + tenant));
      } else {
        assertThat(spent("t" + tenant)).isLessThanOrEqualTo(LimitedStageMain.BUDGET_NANOS);
      }
    }
  }

  /** When each answered request took its place, as the events say that ended with it. */
  private Map<String, List<Long>> grants(
      KafkaConnection connection, SchemaRegistry registry, TopicCatalogue topics) {
    Map<String, Long> taken = new HashMap<>();
    List<String> answered = results.keySet().stream().filter(this::answered).toList();
    try (KafkaConsumer<String, PipelineEvent> consumer =
        consumer(connection, registry, "grants", PipelineEvent.class)) {
      consumer.subscribe(List.of(topics.events().name()));
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(100))
                    .forEach(record -> note(record.value(), taken));
                return taken.keySet().containsAll(answered);
              });
    }
    Map<String, List<Long>> byTenant = new HashMap<>();
    for (String id : answered) {
      byTenant
          .computeIfAbsent(id.substring(0, 2), any -> new ArrayList<>())
          .add(Objects.requireNonNull(taken.get(id)));
    }
    return byTenant;
  }

  private static void note(PipelineEvent event, Map<String, Long> taken) {
    if (event.getType().equals(TellingRateLimit.GRANTS)) {
      String granted = Objects.requireNonNull(event.getAttributes().get(TellingRateLimit.GRANTS));
      Matcher matcher = TAKEN.matcher(granted);
      assertThat(matcher.find()).as(granted).isTrue();
      Long before = taken.put(event.getRequestId(), Long.parseLong(matcher.group(1)));
      assertThat(before).as("granted before to %s", event.getRequestId()).isNull();
    }
  }

  private boolean answered(String id) {
    return !(Objects.requireNonNull(results.get(id)).getOutcome() instanceof PipelineError);
  }

  private void awaitResults(KafkaConsumer<String, CompletionResult> consumer, int count) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              consumer
                  .poll(Duration.ofMillis(100))
                  .forEach(
                      record ->
                          assertThat(results.put(record.key(), record.value()))
                              .as("a second result of %s", record.key())
                              .isNull());
              return results.size() >= count;
            });
  }

  /** Until one more dispatch is answered, which most likely is not committed yet. */
  private static void awaitUncommitted(ReplyingWorker worker) {
    int before = worker.answered();
    await().atMost(PATIENCE).until(() -> worker.answered() > before);
  }

  private Process start(KafkaConnection connection, TopicCatalogue topics) throws IOException {
    int number = started++;
    File log = folder.resolve("stage-" + number + ".log").toFile();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LimitedStageMain.class.getName(),
                connection.bootstrapServers(),
                connection.schemaRegistryUrl(),
                topics.prefix(),
                folder.resolve("state-" + number).toString())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    processes.add(process);
    return process;
  }

  private static void kill(Process process) throws InterruptedException {
    assertThat(process.isAlive()).as("the instance ran until it was killed").isTrue();
    process.destroyForcibly().waitFor();
  }

  private static void createTopics(
      TestBroker broker, TopicCatalogue topics, KafkaConnection connection) throws Exception {
    HookStagesConfig config = LimitedStageMain.config(topics, Path.of("unused"));
    try (Admin admin = broker.openAdmin()) {
      TopicCreator.createMissing(
          admin,
          topics.all(ChainPlan.of(config, topics).groupNames(), List.of("simulated")),
          (short) 1);
    }
  }

  private static void send(
      KafkaConnection connection, SchemaRegistry registry, TopicCatalogue topics, int from, int to)
      throws Exception {
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = from; i < to; i++) {
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        exchanges.add(StageRequests.of("t" + tenant, id(tenant, i), PATIENCE.multipliedBy(10)));
      }
    }
    StageRequests.send(connection, registry, topics, exchanges);
  }

  private static String id(int tenant, int number) {
    return "t" + tenant + "-" + number;
  }

  private static Pattern dispatches(TopicCatalogue topics) {
    return Pattern.compile(Pattern.quote(topics.prefix() + "dispatch.") + ".*");
  }

  private static <T extends SpecificRecord> KafkaConsumer<String, T> consumer(
      KafkaConnection connection, SchemaRegistry registry, String group, Class<T> type) {
    Map<String, Object> properties = connection.clientProperties();
    properties.putAll(
        Map.of(
            "group.id", group,
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed"));
    return new KafkaConsumer<>(
        properties,
        new StringDeserializer(),
        new AvroSerdes(registry).forType(type).deserializer());
  }
}
