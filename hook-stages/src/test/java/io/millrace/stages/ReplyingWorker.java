package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Answers every dispatched exchange, as a provider worker does: read before it is committed. */
final class ReplyingWorker implements AutoCloseable {

  private final AtomicInteger answered = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private final KafkaConnection connection;
  private final Serde<Exchange> serde;
  private final Pattern dispatch;

  ReplyingWorker(KafkaConnection connection, SchemaRegistry registry, Pattern dispatch) {
    this.connection = connection;
    this.serde = new AvroSerdes(registry).forType(Exchange.class);
    this.dispatch = dispatch;
    this.thread = Thread.ofVirtual().start(this::run);
  }

  /** How many dispatches it has answered, also such as were taken back. */
  int answered() {
    return answered.get();
  }

  private void run() {
    Map<String, Object> reading = connection.clientProperties();
    reading.putAll(
        Map.of(
            "group.id", dispatch + "-worker",
            "auto.offset.reset", "earliest",
            "isolation.level", "read_uncommitted"));
    try (KafkaConsumer<String, Exchange> consumer =
            new KafkaConsumer<>(reading, new StringDeserializer(), serde.deserializer());
        KafkaProducer<String, Exchange> producer =
            new KafkaProducer<>(
                connection.clientProperties(), new StringSerializer(), serde.serializer())) {
      consumer.subscribe(dispatch);
      while (closing.getCount() > 0) {
        consumer
            .poll(Duration.ofMillis(50))
            .forEach(
                record -> {
                  Exchange reply = Exchanges.answered(record.value(), "yes");
                  Frame top = reply.getFrames().getLast();
                  producer.send(
                      new ProducerRecord<>(top.getReplyTopic(), top.getScopeKey(), reply));
                  answered.incrementAndGet();
                });
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    closing.countDown();
    thread.join();
  }
}
