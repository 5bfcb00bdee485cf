package io.millrace.stages.plan;

import io.millrace.schemas.avro.RunningPlan;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringSerializer;

/** Keeps the plan that works on a pipeline's data, on a topic with one record. Thread-safe. */
public final class PlanLog {

  private static final String KEY = "plan";

  private final KafkaConnection connection;
  private final String topic;
  private final Serde<RunningPlan> serde;

  /**
   * The log of one pipeline.
   *
   * @param registry stays the caller's
   */
  public PlanLog(KafkaConnection connection, TopicCatalogue topics, SchemaRegistry registry) {
    this.connection = connection;
    this.topic = topics.stagePlan().name();
    this.serde = new AvroSerdes(registry).forType(RunningPlan.class);
  }

  /**
   * The plan that works on the data; empty before the first start.
   *
   * @throws KafkaException when the cluster cannot be reached
   */
  public Optional<RunningPlan> latest() {
    AtomicReference<byte[]> last = new AtomicReference<>();
    Map<TopicPartition, Long> start = new HashMap<>(Map.of(new TopicPartition(topic, 0), 0L));
    CommittedRecords.read(connection, start, plan -> last.set(plan.value()));
    return Optional.ofNullable(last.get())
        .map(value -> serde.deserializer().deserialize(topic, value));
  }

  /** Puts a plan in the place of the latest one. */
  void write(RunningPlan plan) throws InterruptedException {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    try (KafkaProducer<String, RunningPlan> producer =
        new KafkaProducer<>(properties, new StringSerializer(), serde.serializer())) {
      producer.send(new ProducerRecord<>(topic, KEY, plan)).get();
    } catch (ExecutionException e) {
      throw new KafkaException("cannot write to " + topic, e.getCause());
    }
  }
}
