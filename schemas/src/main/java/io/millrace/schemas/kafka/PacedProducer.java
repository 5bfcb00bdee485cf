package io.millrace.schemas.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer whose records wait for company only while there is much of it. Kafka's own linger is
 * one number for all times: a short one makes a busy broker handle thousands of tiny batches, a
 * long one makes whoever waits for a single answer wait longer. Here the linger is long, and while
 * few records come, a thread beside the sender pushes them out after a short one. Thread-safe.
 */
public final class PacedProducer<K, V> extends KafkaProducer<K, V> {

  /** How long a record waits while many come, in milliseconds, where nobody says otherwise. */
  public static final int LINGER_MILLIS = 20;

  /** How long a record waits while few come: what one request brings about leaves together. */
  static final long SHORT_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final Logger LOG = LoggerFactory.getLogger(PacedProducer.class);

  private final Pace pace = new Pace();
  private final Thread pusher;
  private volatile boolean waiting;
  private volatile boolean closed;

  /**
   * A producer.
   *
   * @param properties as for {@link KafkaProducer}; their linger is how long a record waits while
   *     many come
   */
  public PacedProducer(
      Map<String, Object> properties, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
    super(properties, keySerializer, valueSerializer);
    pusher = Thread.ofVirtual().name("millrace-pusher").start(this::push);
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<K, V> record, @Nullable Callback callback) {
    Future<RecordMetadata> sent = super.send(record, callback);
    if (pace.fewAt(System.nanoTime()) && !waiting) {
      waiting = true;
      LockSupport.unpark(pusher);
    }
    return sent;
  }

  private void push() {
    while (!closed) {
      if (!waiting) {
        LockSupport.park(this);
        continue;
      }
      LockSupport.parkNanos(this, SHORT_LINGER_NANOS);
      waiting = false;
      try {
        flush();
      } catch (KafkaException e) {
        // Whoever sent the record hears of it from its callback or its transaction.
        LOG.debug("records could not be pushed out", e);
      }
    }
  }

  @Override
  public void close(Duration timeout) {
    closed = true;
    LockSupport.unpark(pusher);
    super.close(timeout);
  }
}
