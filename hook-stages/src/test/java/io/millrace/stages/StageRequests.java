package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends requests to the home stage on a broker. */
final class StageRequests {

  private StageRequests() {}

  /** A request to provider {@code simulated} that is accepted now. */
  static Exchange of(String tenant, String id, Duration timeout) {
    Exchange exchange = Exchanges.accepted(id, "simulated/any");
    exchange.setTenant(tenant);
    exchange.setExchangeId(tenant + "/" + id);
    long now = System.currentTimeMillis();
    exchange.setAcceptedAtMillis(now);
    exchange.setDeadlineMillis(now + timeout.toMillis());
    return exchange;
  }

  /** Sends them one after the other; when this returns, the broker has them. */
  static void send(
      KafkaConnection connection,
      SchemaRegistry registry,
      TopicCatalogue topics,
      List<Exchange> exchanges)
      throws Exception {
    String topic = topics.stageRequests(TopicCatalogue.HOME).name();
    try (KafkaProducer<String, Exchange> producer =
        new KafkaProducer<>(
            connection.clientProperties(),
            new StringSerializer(),
            new AvroSerdes(registry).forType(Exchange.class).serializer())) {
      for (Exchange exchange : exchanges) {
        producer
            .send(new ProducerRecord<>(topic, exchange.getTenant(), exchange))
            .get(30, TimeUnit.SECONDS);
      }
    }
  }
}
