package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AudienceWatcherTest {

  private static final String TOPIC = "t.completions";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  private final Serde<CompletionResult> results =
      new AvroSerdes(new InMemorySchemaRegistry()).forType(CompletionResult.class);
  private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

  /** Partitions that do not say where they end. */
  private final Set<TopicPartition> silent = ConcurrentHashMap.newKeySet();

  private final MockConsumer<String, byte[]> consumer =
      new MockConsumer<>("latest") {
        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(
            Collection<TopicPartition> partitions, Duration timeout) {
          if (partitions.stream().anyMatch(silent::contains)) {
            throw new TimeoutException("no leader");
          }
          return super.endOffsets(partitions, timeout);
        }
      };
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
  void shouldWakeUpForTheOtherPartitionsWhenOneHasNoLeader() throws Exception {
    Waiters seldom = new Waiters(10, Duration.ofMillis(1));
    consumer.updateEndOffsets(Map.of(SECOND, 7L));
    consumer.updateBeginningOffsets(Map.of(SECOND, 0L));
    List<PartitionInfo> both =
        List.of(
            new PartitionInfo(TOPIC, 0, null, null, null),
            new PartitionInfo(TOPIC, 1, null, null, null));
    consumer.updatePartitions(TOPIC, both);
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 5L));
    try (TopicWatcher watcher = watching(seldom)) {
      await().until(() -> !seldom.attention().reading());
      silent.add(SECOND);
      consumer.updateEndOffsets(Map.of(PARTITION, 6L, SECOND, 9L));
      try (Waiters.Waiter there = seldom.register("acme", "r1").orElseThrow();
          Waiters.Waiter away = seldom.register("acme", "r2").orElseThrow()) {
        assertThat(seldom.attention().awaitReading(Duration.ofSeconds(10))).isTrue();
        write(6, "r1", encoded("acme", "r1"));
        assertThat(there.result().get(10, TimeUnit.SECONDS)).isNotNull();

        // It is back, with a result that was written where nobody could see the end.
        byte[] result = encoded("acme", "r2");
        consumer.schedulePollTask(
            () -> consumer.addRecord(new ConsumerRecord<>(TOPIC, 1, 8, "r2", result)));
        assertThat(away.result().get(10, TimeUnit.SECONDS)).isNotNull();
      }
    }
  }

  @Test
  void shouldNotWakeUpWhenNoPartitionSaysWhereItEnds() throws Exception {
    Waiters seldom = new Waiters(10, Duration.ofMillis(1));
    try (TopicWatcher watcher = start(seldom)) {
      await().until(() -> !seldom.attention().reading());
      silent.add(PARTITION);
      try (Waiters.Waiter waiter = seldom.register("acme", "r1").orElseThrow()) {
        assertThat(seldom.attention().awaitReading(Duration.ofMillis(200))).isFalse();
        silent.clear();
        assertThat(seldom.attention().awaitReading(Duration.ofSeconds(10))).isTrue();
      }
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
