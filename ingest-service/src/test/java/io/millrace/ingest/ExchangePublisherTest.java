package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ExchangePublisherTest {

  private static final TopicCatalogue TOPICS = new TopicCatalogue("t.", 2);
  private static final Exchange EXCHANGE = Requests.exchange("acme", "r1");

  private final MockProducer<String, Exchange> producer = producer((topic, value) -> new byte[0]);
  private final AtomicBoolean registryClosed = new AtomicBoolean();
  private final ExchangePublisher publisher = publisher(producer, HomeScope.TENANT);

  private static MockProducer<String, Exchange> producer(Serializer<Exchange> serializer) {
    return new MockProducer<>(false, null, new StringSerializer(), serializer);
  }

  private ExchangePublisher publisher(MockProducer<String, Exchange> kafka, HomeScope scope) {
    return new ExchangePublisher(kafka, TOPICS, scope, () -> registryClosed.set(true));
  }

  @Test
  void shouldUseTheTenantAsKeyWhenThatIsTheScope() {
    CompletableFuture<Void> done = publisher.publish(EXCHANGE);

    ProducerRecord<String, Exchange> sent = producer.history().getFirst();
    assertThat(sent.topic()).isEqualTo("t.stage.home.requests");
    assertThat(sent.key()).isEqualTo("acme");
    assertThat(sent.value()).isEqualTo(EXCHANGE);
    assertThat(done).isNotDone();
    producer.completeNext();
    assertThat(done).isCompleted();
  }

  @Test
  void shouldUseTheExchangeIdAsKeyWhenThatIsTheScope() {
    var unused = publisher(producer, HomeScope.REQUEST).publish(EXCHANGE);

    assertThat(producer.history().getFirst().key()).isEqualTo("acme/r1");
  }

  @Test
  void shouldFailTheFutureWhenTheBrokerRefuses() {
    CompletableFuture<Void> done = publisher.publish(EXCHANGE);

    producer.errorNext(new RecordTooLargeException("too large"));

    assertThat(done)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOf(RecordTooLargeException.class);
  }

  @Test
  void shouldFailTheFutureWhenTheValueCannotBeEncoded() {
    ExchangePublisher broken =
        publisher(
            producer(
                (topic, value) -> {
                  throw new SerializationException("no registry");
                }),
            HomeScope.TENANT);

    assertThat(broken.publish(EXCHANGE)).isCompletedExceptionally();
  }

  @Test
  void shouldCloseTheRegistryClientWhenClosed() {
    publisher.close();

    assertThat(producer.closed()).isTrue();
    assertThat(registryClosed).isTrue();
  }

  @Test
  void shouldRefuseWhenTheDeliveryTimeoutIsTooShort() {
    KafkaConnection connection = KafkaConnection.of("127.0.0.1:1", "http://127.0.0.1:1");

    assertThatThrownBy(
            () ->
                ExchangePublisher.open(
                    connection, TOPICS, HomeScope.TENANT, Duration.ofMillis(999)))
        .hasMessageContaining("at least 1 s");
  }
}
