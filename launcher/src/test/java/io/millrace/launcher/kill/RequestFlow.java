package io.millrace.launcher.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Message;
import io.millrace.schemas.model.TrustedRecords;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A user who writes request events to the topic at a steady pace, and keeps trying when it fails.
 */
final class RequestFlow implements AutoCloseable {

  private static final Duration PACE = Duration.ofMillis(20);
  private static final int TENANTS = 7;

  private final SchemaRegistry registry;
  private final KafkaProducer<String, CompletionRequest> producer;
  private final String topic;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Thread thread;

  private RequestFlow(KillCluster cluster, int requests, Duration pace) {
    TrustedRecords.trust();
    registry = cluster.connection().openRegistry();
    topic = cluster.topics().requests().name();
    Map<String, Object> properties = cluster.connection().clientProperties();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
    producer =
        new KafkaProducer<>(
            properties,
            new StringSerializer(),
            new AvroSerdes(registry).forType(CompletionRequest.class).serializer());
    thread = Thread.ofVirtual().name("request-flow").start(() -> send(requests, pace));
  }

  static RequestFlow start(KillCluster cluster, int requests) {
    return new RequestFlow(cluster, requests, PACE);
  }

  static RequestFlow start(KillCluster cluster, int requests, Duration pace) {
    return new RequestFlow(cluster, requests, pace);
  }

  static Set<String> ids(int requests) {
    return IntStream.range(0, requests).mapToObj(i -> "kill-" + i).collect(Collectors.toSet());
  }

  private void send(int requests, Duration pace) {
    for (int i = 0; i < requests && !Thread.currentThread().isInterrupted(); i++) {
      producer.send(
          new ProducerRecord<>(topic, "key-" + i, request(i)),
          (metadata, exception) -> {
            if (exception == null) {
              acknowledged.incrementAndGet();
            } else {
              failure.compareAndSet(null, exception);
            }
          });
      LockSupport.parkNanos(pace.toNanos());
    }
  }

  private static CompletionRequest request(int i) {
    return CompletionRequest.newBuilder()
        .setRequestId("kill-" + i)
        .setTenant("tenant-" + i % TENANTS)
        .setModel("simulated/small")
        .setMessages(List.of(new Message("user", "Question " + i, null, List.of(), null, Map.of())))
        .setTimeoutMillis(Duration.ofMinutes(10).toMillis())
        .build();
  }

  /** Waits until the broker has acknowledged this many requests. */
  void awaitSent(long requests) {
    await("requests sent")
        .atMost(Duration.ofMinutes(3))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> failure.get() != null || acknowledged.get() >= requests);
    assertThat(failure.get()).as("the producer's failure").isNull();
  }

  /** Waits until all are sent. */
  void finish() {
    await("the end of the flow").atMost(Duration.ofMinutes(5)).until(() -> !thread.isAlive());
    producer.flush();
    assertThat(failure.get()).as("the producer's failure").isNull();
  }

  @Override
  public void close() {
    thread.interrupt();
    producer.close(Duration.ofSeconds(5));
    registry.close();
  }
}
