package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingest.OpenStreams.OpenStream;
import io.millrace.ingest.StreamQueue.Event;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class OpenStreamsTest {

  private static final String TOPIC = "t.completion-chunks";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Serde<CompletionChunk> chunks =
      new AvroSerdes(new InMemorySchemaRegistry()).forType(CompletionChunk.class);
  private final AtomicInteger toTheEnd = new AtomicInteger();
  private final MockConsumer<String, byte[]> consumer =
      new MockConsumer<>("latest") {
        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(
            Collection<TopicPartition> partitions, Duration timeout) {
          toTheEnd.incrementAndGet();
          return super.endOffsets(partitions, timeout);
        }
      };

  private TopicWatcher start(OpenStreams streams) {
    consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, null, null)));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 5L));
    return new AudienceWatcher<>(
            TOPIC, chunks.deserializer(), streams, new IngestMeters(new SimpleMeterRegistry()))
        .start(consumer, "watcher", streams.attention());
  }

  private void write(long offset, CompletionChunk chunk) {
    consumer.schedulePollTask(
        () ->
            consumer.addRecord(
                new ConsumerRecord<>(
                    TOPIC,
                    0,
                    offset,
                    chunk.getRequestId(),
                    chunks.serializer().serialize(TOPIC, chunk))));
  }

  @Test
  void shouldHandPiecesToTheReadersOfTheRequestAndTenant() throws Exception {
    OpenStreams streams = new OpenStreams(StreamSettings.defaults());
    CompletionChunk foreign = Chunks.text("x", 0, "foreign");
    foreign.setTenant("other");
    try (TopicWatcher watcher = start(streams);
        OpenStream first = streams.open("default", "r");
        OpenStream second = streams.open("default", "r")) {
      write(5, foreign);
      write(6, Chunks.text("a", 0, "hello"));

      for (OpenStream reader : List.of(first, second)) {
        assertThat(reader.queue().poll(PATIENCE))
            .isInstanceOfSatisfying(
                Event.Piece.class, piece -> assertThat(piece.chunk().getStream()).isEqualTo("a"));
      }
      assertThat(watcher.failure()).isEmpty();
    }
  }

  @Test
  void shouldSleepWhileNobodyReadsAndBeginAtTheEndAfterwards() throws Exception {
    OpenStreams streams = new OpenStreams(StreamSettings.defaults(), Duration.ofMillis(1));
    ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    try (TopicWatcher watcher = start(streams)) {
      await().until(() -> !streams.attention().reading());
      for (int round = 2; round < 5; round++) {
        try (OpenStream reader = streams.open("default", "r")) {
          assertThat(toTheEnd).hasValueGreaterThanOrEqualTo(round);
          seen.add("round " + round);
        }
        await().until(() -> !streams.attention().reading());
      }
      assertThat(seen).hasSize(3);
      assertThat(watcher.failure()).isEmpty();
    }
  }

  @Test
  void shouldRefuseReadersWhenTheTopicCannotBeRead() throws Exception {
    StreamSettings defaults = StreamSettings.defaults();
    StreamSettings impatient =
        new StreamSettings(
            defaults.keepAlive(),
            defaults.maxQueuedChunks(),
            defaults.maxQueuedCharacters(),
            defaults.maxTotalCharacters(),
            defaults.writeTimeout(),
            defaults.settleWait(),
            Duration.ofMillis(20));
    OpenStreams streams = new OpenStreams(impatient, Duration.ofMillis(1));
    try (TopicWatcher watcher = start(streams)) {
      await().until(() -> !streams.attention().reading());
      consumer.updatePartitions(TOPIC, List.of());

      assertThatThrownBy(() -> streams.open("default", "r"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("nothing was run");
      assertThat(streams.size()).isZero();
      assertThat(watcher.failure()).isEmpty();
    }
  }
}
