package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AudienceWatcherTest {

  private static final String TOPIC = "t.completions";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  private final Serde<CompletionResult> results =
      new AvroSerdes(new InMemorySchemaRegistry()).forType(CompletionResult.class);
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("latest");
  private final Waiters waiters = new Waiters(10);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private TopicWatcher start() {
    return start(waiters);
  }

  private TopicWatcher start(Waiters watched) {
    consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, null, null)));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 5L));
    return watching(watched);
  }

  private TopicWatcher watching(Waiters watched) {
    return new AudienceWatcher<>(TOPIC, results.deserializer(), watched, new IngestMeters(meters))
        .start(consumer, "watcher", watched.attention());
  }

  private void write(long offset, @Nullable String key, byte @Nullable [] value) {
    consumer.schedulePollTask(
        () -> consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, offset, key, value)));
  }

  private byte[] encoded(String tenant, String requestId) {
    return results
        .serializer()
        .serialize(TOPIC, Requests.echo(Requests.exchange(tenant, requestId)));
  }

  @Test
  void shouldHandOverTheResultWhenSomebodyWaits() throws Exception {
    try (TopicWatcher watcher = start();
        Waiters.Waiter waiter = waiters.register("acme", "r1").orElseThrow()) {
      write(5, "r1", encoded("other", "r1"));
      write(6, "r1", encoded("acme", "r1"));

      CompletionResult result = waiter.result().get(10, TimeUnit.SECONDS);

      assertThat(result.getTenant()).isEqualTo("acme");
      assertThat(watcher.failure()).isEmpty();
    }
  }

  @Test
  void shouldSleepWhileNobodyWaitsAndHandOverTheResultAfterwards() throws Exception {
    Waiters seldom = new Waiters(10, Duration.ofMillis(1));
    try (TopicWatcher watcher = start(seldom)) {
      await().until(() -> !seldom.attention().reading());
      try (Waiters.Waiter waiter = seldom.register("acme", "r1").orElseThrow()) {
        assertThat(seldom.attention().awaitReading(Duration.ofSeconds(10))).isTrue();
        write(5, "r1", encoded("acme", "r1"));

        assertThat(waiter.result().get(10, TimeUnit.SECONDS)).isNotNull();
      }
      await().until(() -> !seldom.attention().reading());
      assertThat(watcher.failure()).isEmpty();
    }
  }

  @Test
  void shouldGoOnWhenRecordsAreGarbage() throws Exception {
    try (TopicWatcher watcher = start();
        Waiters.Waiter waiter = waiters.register("acme", "r1").orElseThrow()) {
      write(5, null, encoded("acme", "r1"));
      write(6, "r1", null);
      write(7, "r1", new byte[] {1, 2, 3});
      write(8, "r1", encoded("acme", "r1"));

      assertThat(waiter.result().get(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(meters.counter(IngestMeters.UNDECODABLE, "topic", TOPIC).count()).isEqualTo(1);
      assertThat(watcher.failure()).isEmpty();
    }
  }

  @Test
  void shouldGoOnWhenTheBrokerIsAwayForAWhile() throws Exception {
    try (TopicWatcher watcher = start();
        Waiters.Waiter waiter = waiters.register("acme", "r1").orElseThrow()) {
      consumer.schedulePollTask(() -> consumer.setPollException(new NetworkException("away")));
      write(5, "r1", encoded("acme", "r1"));

      assertThat(waiter.result().get(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(watcher.failure()).isEmpty();
    }
  }

  @Test
  void shouldReportTheFailureWhenItIsABug() {
    try (TopicWatcher watcher = start()) {
      consumer.schedulePollTask(
          () -> {
            throw new IllegalStateException("bug");
          });

      await().until(() -> watcher.failure().isPresent());
      assertThat(watcher.failure().orElseThrow()).hasMessage("bug");
    }
  }

  @Test
  void shouldCloseTheConsumerWhenClosed() {
    start().close();

    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void shouldRefuseToStartWhenTheTopicIsMissing() {
    consumer.updatePartitions(TOPIC, List.of());

    assertThatThrownBy(() -> watching(waiters))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining(TOPIC)
        .hasMessageContaining("create the topics");
  }
}
