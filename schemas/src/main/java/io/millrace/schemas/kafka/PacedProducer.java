package io.millrace.schemas.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
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
 * long one makes whoever waits for a single answer wait longer. Here the linger is long, and a
 * thread beside the sender pushes records out sooner: after 1 ms while few come, after 20 ms while
 * many come, not at all in a flood, when processors are what everybody waits for ({@link
 * Pace.Rate}). Where it is known which record is the last of those that one piece of work brings
 * about, the others wait a little longer for that one while few come, and all leave together: a
 * broker takes one request of a connection after the other, so what left before would hold the last
 * one up. Thread-safe.
 */
public final class PacedProducer<K, V> extends KafkaProducer<K, V> {

  /** The longest that a record waits, in milliseconds, where nobody says otherwise. */
  public static final int LINGER_MILLIS = 20;

  /** How long records wait for the last of those that they belong with, while few come. */
  static final long LAST_WAIT_MILLIS = 5;

  /** What a batch may grow to until it leaves, in bytes, where nobody says otherwise. */
  public static final int BATCH_BYTES = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(PacedProducer.class);

  private final Predicate<String> last;
  private final long fewWaitMillis;
  private final Pace pace = new Pace();
  private final Thread pusher;

  /** How long what waits may wait; 0 where nothing does, or nothing hurries. */
  private volatile long waitMillis;

  /** Whether what waits need not wait for company. */
  private volatile boolean complete;

  private volatile boolean closed;

  /**
   * A producer of records of which nobody knows which comes last.
   *
   * @param properties as for {@link KafkaProducer}; their linger is the longest that a record waits
   */
  public PacedProducer(
      Map<String, Object> properties, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
    this(properties, keySerializer, valueSerializer, topic -> false, Pace.Rate.FEW.waitMillis);
  }

  /**
   * A producer.
   *
   * @param properties as for {@link KafkaProducer}; their linger is the longest that a record waits
   * @param last whether a record to this topic is the last of those that belong together
   */
  public PacedProducer(
      Map<String, Object> properties,
      Serializer<K> keySerializer,
      Serializer<V> valueSerializer,
      Predicate<String> last) {
    this(properties, keySerializer, valueSerializer, last, LAST_WAIT_MILLIS);
  }

  private PacedProducer(
      Map<String, Object> properties,
      Serializer<K> keySerializer,
      Serializer<V> valueSerializer,
      Predicate<String> last,
      long fewWaitMillis) {
    super(properties, keySerializer, valueSerializer);
    this.last = last;
    this.fewWaitMillis = fewWaitMillis;
    pusher = Thread.ofVirtual().name("millrace-pusher").start(this::push);
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<K, V> record, @Nullable Callback callback) {
    Future<RecordMetadata> sent = super.send(record, callback);
    Pace.Rate rate = pace.at(System.nanoTime());
    boolean noOneElse = rate == Pace.Rate.FEW && last.test(record.topic());
    if (noOneElse) {
      complete = true;
    }
    if (rate != Pace.Rate.FLOOD && waitMillis == 0) {
      waitMillis = rate == Pace.Rate.FEW ? fewWaitMillis : rate.waitMillis;
      LockSupport.unpark(pusher);
    } else if (noOneElse) {
      LockSupport.unpark(pusher);
    }
    return sent;
  }

  private void push() {
    while (!closed) {
      long millis = waitMillis;
      if (millis == 0) {
        LockSupport.park(this);
        continue;
      }
      if (!complete) {
        await(millis);
      }
      complete = false;
      waitMillis = 0;
      try {
        flush();
      } catch (KafkaException e) {
        // Whoever sent the record hears of it from its callback or its transaction.
        LOG.debug("records could not be pushed out", e);
      }
    }
  }

  /** A record that came during the last push may end the first pause at once. */
  private void await(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(millis));
    while (millis > Pace.Rate.FEW.waitMillis && !complete && !closed && System.nanoTime() < until) {
      LockSupport.parkNanos(this, until - System.nanoTime());
    }
  }

  @Override
  public void close(Duration timeout) {
    closed = true;
    LockSupport.unpark(pusher);
    super.close(timeout);
  }
}
