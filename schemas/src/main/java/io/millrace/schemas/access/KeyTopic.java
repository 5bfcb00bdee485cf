package io.millrace.schemas.access;

import io.millrace.schemas.avro.AccessKey;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.WholeTopic;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For administration: reads the keys topic as a whole and changes one key at a time.
 *
 * <p>A change reads the latest state and writes the next one. So that two administrators cannot
 * undo each other's change (a rotation a revocation, say), all of them write as the same
 * transactional producer: whoever begins later fences the earlier one before it reads, and a fenced
 * change begins anew. Thread-safe.
 */
public final class KeyTopic implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeyTopic.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MAX_TRIES = 5;

  private final KafkaConnection connection;
  private final String topic;
  private final SchemaRegistry registry;
  private final Serializer<AccessKey> serializer;
  private final Deserializer<AccessKey> deserializer;

  private KeyTopic(KafkaConnection connection, String topic, SchemaRegistry registry) {
    this.connection = connection;
    this.topic = topic;
    this.registry = registry;
    var serde = new AvroSerdes(registry, connection.properties()).forType(AccessKey.class);
    this.serializer = serde.serializer();
    this.deserializer = serde.deserializer();
  }

  /** Opens it; nothing is read or written yet. */
  public static KeyTopic open(KafkaConnection connection, TopicCatalogue topics) {
    return new KeyTopic(connection, topics.keys().name(), connection.openRegistry());
  }

  /**
   * Every key, by id.
   *
   * @throws KafkaException when the cluster or the registry refuses, or does not answer in time
   */
  public List<AccessKey> all() {
    return List.copyOf(read().values());
  }

  /**
   * Writes what becomes of a key.
   *
   * @param next gets the key, or empty where there is none; may be called again when somebody else
   *     changed a key meanwhile. Whatever it throws ends the change, and nothing is written
   * @throws KafkaException when the cluster or the registry refuses, or does not answer in time
   */
  public AccessKey change(String id, Function<Optional<AccessKey>, AccessKey> next) {
    for (int tries = 1; ; tries++) {
      try {
        return changeOnce(id, next);
      } catch (ProducerFencedException | InvalidProducerEpochException e) {
        if (tries == MAX_TRIES) {
          throw e;
        }
        LOG.info("somebody else changes a key at the same time: beginning anew");
      }
    }
  }

  private AccessKey changeOnce(String id, Function<Optional<AccessKey>, AccessKey> next) {
    try (KafkaProducer<String, byte[]> producer = producer()) {
      producer.initTransactions();
      AccessKey changed = next.apply(Optional.ofNullable(read().get(id)));
      byte[] value = serializer.serialize(topic, changed);
      producer.beginTransaction();
      var unused = producer.send(new ProducerRecord<>(topic, id, value));
      producer.commitTransaction();
      return changed;
    }
  }

  private KafkaProducer<String, byte[]> producer() {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topic + "-administration");
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TIMEOUT.toMillis());
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT.toMillis());
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis() / 2);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    return new KafkaProducer<>(
        properties,
        new StringSerializer(),
        new org.apache.kafka.common.serialization.ByteArraySerializer());
  }

  private Map<String, AccessKey> read() {
    Map<String, AccessKey> keys = new TreeMap<>();
    long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
    try (WholeTopic whole = WholeTopic.open(topic, connection)) {
      if (!whole.assigned()) {
        throw new KafkaException("there is no topic " + topic);
      }
      while (!whole.atEnd()) {
        if (System.nanoTime() > deadlineNanos) {
          throw new TimeoutException(
              "topic " + topic + " was not read within " + TIMEOUT.toSeconds() + " s");
        }
        whole.poll(POLL).forEach(record -> put(record, keys));
      }
    }
    return keys;
  }

  private void put(ConsumerRecord<String, byte[]> record, Map<String, AccessKey> keys) {
    if (record.key() == null) {
      return;
    }
    @Nullable AccessKey key = null;
    try {
      key = deserializer.deserialize(topic, record.value());
    } catch (UndecodableValueException e) {
      LOG.warn("the record about key {} is not understood: {}", record.key(), e.getMessage());
    }
    if (key == null) {
      keys.remove(record.key());
    } else {
      keys.put(record.key(), key);
    }
  }

  @Override
  public void close() {
    registry.close();
  }
}
