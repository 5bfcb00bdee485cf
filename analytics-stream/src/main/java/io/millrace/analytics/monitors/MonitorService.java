package io.millrace.analytics.monitors;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.monitor.MetricWindow;
import io.millrace.plugin.monitor.Monitor;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows closed metric windows to monitors and writes their alerts, on a thread of its own. Of
 * several instances each sees the windows of its share of providers, models and tenants. A window
 * may be seen twice after a crash. Which alerts are open is read back from their topic, at the
 * start and whenever the shares change. Thread-safe.
 */
public final class MonitorService implements AutoCloseable {

  static final String FAULTS = "millrace.monitor.faults";

  private static final Logger LOG = LoggerFactory.getLogger(MonitorService.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final SchemaRegistry registry;
  private final Consumer<String, byte[]> consumer;
  private final Producer<String, Alert> producer;
  private final Deserializer<io.millrace.schemas.avro.MetricWindow> windows;
  private final TopicCatalogue topics;
  private final List<ActiveMonitor> monitors = new ArrayList<>();
  private final AlertLog log;
  private boolean sharesChanged = true;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("millrace-monitors").unstarted(this::run);

  private MonitorService(
      KafkaConnection connection, SchemaRegistry registry, TopicCatalogue topics) {
    this.registry = registry;
    this.topics = topics;
    AvroSerdes serdes = new AvroSerdes(registry);
    windows = serdes.forType(io.millrace.schemas.avro.MetricWindow.class).deserializer();
    producer =
        new KafkaProducer<>(
            connection.clientProperties(),
            new StringSerializer(),
            serdes.forType(Alert.class).serializer());
    log =
        new AlertLog(
            connection, topics.alerts().name(), serdes.forType(Alert.class).deserializer());
    consumer =
        new KafkaConsumer<>(
            properties(connection, topics), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Begins to watch.
   *
   * @param monitors by name; closed with the service
   */
  public static MonitorService start(
      Map<String, Monitor> monitors,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters) {
    return start(monitors, connection, connection.openRegistry(), topics, meters);
  }

  /** The same on a registry, which it closes. */
  static MonitorService start(
      Map<String, Monitor> monitors,
      KafkaConnection connection,
      SchemaRegistry registry,
      TopicCatalogue topics,
      MeterRegistry meters) {
    MonitorService service = new MonitorService(connection, registry, topics);
    monitors.forEach((name, monitor) -> service.add(name, monitor, meters));
    service.thread.start();
    return service;
  }

  private void add(String name, Monitor monitor, MeterRegistry meters) {
    MonitorReports reports = new MonitorReports(name, InstantSource.system(), meters, this::send);
    Counter faults =
        Counter.builder(FAULTS)
            .description("Exceptions in monitors of plugins")
            .tag("monitor", name)
            .register(meters);
    monitors.add(new ActiveMonitor(name, monitor, reports, faults));
  }

  private static Map<String, Object> properties(KafkaConnection connection, TopicCatalogue topics) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, topics.prefix() + "monitors");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return properties;
  }

  private void run() {
    try (consumer) {
      consumer.subscribe(List.of(topics.analyticsRealtime().name()), new ShareListener());
      while (closing.getCount() > 0) {
        step();
      }
    } catch (WakeupException e) {
      LOG.debug("monitors no longer watch");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step() throws InterruptedException {
    try {
      ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
      if (!adoptAlerts()) {
        return;
      }
      records.forEach(this::see);
      monitors.forEach(ActiveMonitor::sampleWhenDue);
      if (!records.isEmpty()) {
        consumer.commitSync();
      }
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("metric windows cannot be read, trying on: {}", e.getMessage());
      closingWithin(RETRY);
    }
  }

  /** Before a window is judged it is known which alerts are open; false when the end came first. */
  private boolean adoptAlerts() throws InterruptedException {
    while (sharesChanged) {
      try {
        producer.flush();
        log.readOn(alert -> monitors.forEach(monitor -> monitor.adopt(alert)));
        sharesChanged = false;
      } catch (KafkaException e) {
        LOG.warn("open alerts cannot be read, trying on: {}", e.getMessage());
        if (closingWithin(RETRY)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean closingWithin(Duration wait) throws InterruptedException {
    return closing.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void see(ConsumerRecord<String, byte[]> record) {
    try {
      io.millrace.schemas.avro.MetricWindow window =
          windows.deserialize(record.topic(), record.value());
      if (window != null && window.getClosed()) {
        MetricWindow seen = ClosedWindow.model(window);
        monitors.forEach(monitor -> monitor.see(seen));
      }
    } catch (UndecodableValueException e) {
      LOG.warn(
          "the record at offset {} of {} is no metric window and is passed over: {}",
          record.offset(),
          record.topic(),
          e.getMessage());
    }
  }

  /** Waits for nothing: the callback says what becomes of it. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private void send(Alert alert) {
    producer.send(
        new ProducerRecord<>(
            topics.alerts().name(), alert.getRule() + "|" + alert.getSubject(), alert),
        (metadata, failure) -> {
          if (failure != null) {
            LOG.warn("alert {} could not be written", alert.getAlertId(), failure);
          }
        });
  }

  /** Windows of other subjects come here from now on; somebody else had them before. */
  private final class ShareListener implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      // What was opened here is on the topic for whoever takes over.
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      sharesChanged = true;
    }
  }

  /** Stops watching and closes the monitors; waits at most 10 s. Idempotent. */
  @Override
  public void close() {
    closing.countDown();
    consumer.wakeup();
    try {
      thread.join(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    monitors.forEach(ActiveMonitor::close);
    producer.close(CLOSE_TIMEOUT);
    registry.close();
  }
}
