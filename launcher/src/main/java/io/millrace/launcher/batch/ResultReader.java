package io.millrace.launcher.batch;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads one batch's results, committed ones only, and saves its place as the offsets of a consumer
 * group of its own. So the place lives and dies with the results, and any machine can resume. Not
 * thread-safe.
 */
final class ResultReader implements AutoCloseable {

  /** How long the cluster may take to answer. */
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

  private final String tenant;
  private final String idPrefix;
  private final Consumer<String, byte[]> consumer;
  private final Deserializer<CompletionResult> decoder;
  private final Map<TopicPartition, SavedPlace> saved = new HashMap<>();
  private final Map<TopicPartition, Long> firstOffsets = new HashMap<>();
  private final Map<TopicPartition, Long> catchUpOffsets = new HashMap<>();

  private ResultReader(
      String tenant,
      String idPrefix,
      Consumer<String, byte[]> consumer,
      Deserializer<CompletionResult> decoder) {
    this.tenant = tenant;
    this.idPrefix = idPrefix;
    this.consumer = consumer;
    this.decoder = decoder;
  }

  /**
   * Opens a reader; it does not close the registry.
   *
   * @throws BatchException when the results topic is not there
   * @throws org.apache.kafka.common.KafkaException when the cluster cannot be reached
   */
  static ResultReader open(
      KafkaConnection connection,
      TopicCatalogue topics,
      SchemaRegistry registry,
      String tenant,
      String name) {
    String group = topics.prefix() + "batch." + tenant + "/" + name;
    Consumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            properties(connection, group), new StringDeserializer(), new ByteArrayDeserializer());
    try {
      Deserializer<CompletionResult> decoder =
          new AvroSerdes(registry).forType(CompletionResult.class).deserializer();
      ResultReader reader = new ResultReader(tenant, RequestIds.prefix(name), consumer, decoder);
      reader.assign(topics.completions().name());
      return reader;
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private static Map<String, Object> properties(KafkaConnection connection, String group) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(CALL_TIMEOUT.toMillis()));
    return properties;
  }

  private void assign(String topic) {
    var partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .collect(Collectors.toSet());
    if (partitions.isEmpty()) {
      throw BatchException.stopped(
          "the cluster has no topic "
              + topic
              + "; start a pipeline there first, or create its topics with: millrace topics"
              + " create");
    }
    consumer.assign(partitions);
    consumer
        .committed(partitions)
        .forEach(
            (partition, place) ->
                SavedPlace.decode(place).ifPresent(found -> saved.put(partition, found)));
  }

  /** What the result files held when the place was last saved; empty when it never was. */
  Optional<Checkpoint> saved() {
    var checkpoints = saved.values().stream().map(SavedPlace::checkpoint).distinct().toList();
    return checkpoints.isEmpty()
        ? Optional.empty()
        : Optional.of(checkpoints.size() == 1 ? checkpoints.getFirst() : Checkpoint.NEVER);
  }

  void start(BatchPipeline.Place place) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    catchUpOffsets.putAll(ends);
    for (TopicPartition partition : consumer.assignment()) {
      // A partition that is newer than the batch's first run has been read by no run.
      long otherwise = saved.isEmpty() ? ends.getOrDefault(partition, 0L) : 0L;
      SavedPlace known = saved.getOrDefault(partition, SavedPlace.unread(otherwise));
      firstOffsets.put(partition, known.firstOffset());
      consumer.seek(
          partition, place == BatchPipeline.Place.SAVED ? known.offset() : known.firstOffset());
    }
  }

  boolean caughtUp() {
    return catchUpOffsets.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  List<CompletionResult> poll(Duration atMost) {
    List<CompletionResult> results = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : consumer.poll(atMost)) {
      // Other users' results are told by their key, without a look at the value.
      if (record.key() != null && record.key().startsWith(idPrefix) && record.value() != null) {
        CompletionResult result = decoder.deserialize(record.topic(), record.value());
        if (result.getTenant().equals(tenant)) {
          results.add(result);
        }
      }
    }
    return results;
  }

  void save(Checkpoint checkpoint) {
    Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
    for (TopicPartition partition : consumer.assignment()) {
      long first = firstOffsets.getOrDefault(partition, 0L);
      places.put(
          partition, new SavedPlace(consumer.position(partition), first, checkpoint).encode());
    }
    consumer.commitSync(places);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
