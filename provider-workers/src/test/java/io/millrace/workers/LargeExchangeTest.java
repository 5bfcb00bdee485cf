package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.health.ProviderBlockView;
import io.millrace.schemas.health.ProviderHealthView;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicState;
import io.millrace.schemas.model.TrustedRecords;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.DeadLetterParts;
import io.millrace.schemas.topic.HeaderNames;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.workers.offset.Commit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What becomes of dispatches and answers that are too large for a record. */
class LargeExchangeTest {

  private static final int MAX_REQUEST_SIZE =
      (int)
          Objects.requireNonNull(
              WorkerClients.producer(
                      ProviderWorkersConfig.defaults(),
                      KafkaConnection.of("none:1", "http://none:1"))
                  .get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));

  private static final int FRAMING_BYTES = 64;

  private final TopicCatalogue topics = new TopicCatalogue("t.", 1);
  private final AvroSerdes serdes = new AvroSerdes(new InMemorySchemaRegistry());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final WorkerMeters meters = new WorkerMeters(registry, "p");
  private final FakeTime time = new FakeTime();
  private final ScriptedProvider provider = new ScriptedProvider();
  private final List<Ending> endings = new ArrayList<>();
  private final String dispatch = topics.dispatch("p", Lane.STANDARD).name();

  /** Takes records of a size that the workers' own producer would take. */
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
        @Override
        public synchronized Future<RecordMetadata> send(
            ProducerRecord<byte[], byte[]> record, Callback callback) {
          return sizeOf(record) > MAX_REQUEST_SIZE
              ? CompletableFuture.failedFuture(new RecordTooLargeException("max.request.size"))
              : super.send(record, callback);
        }
      };

  private final ExchangeHandler handler = handler();

  static {
    TrustedRecords.trust();
  }

  @Test
  void shouldAnswerWithAnErrorWhenTheAnswerIsMoreThanAStageTakesIn() {
    provider.then(
        request ->
            new ProviderReply.Success(
                Completion.ofText("c", "m", 0, "x".repeat(Topic.MAX_EXCHANGE_BYTES), Usage.NONE),
                200));
    handle(serialized(exchange(10)));
    assertThat(provider.requests()).hasSize(1);
    assertThat(sent(topics.attempts().name())).hasSize(1);
    assertThat(sent(topics.deadLetters().name())).isEmpty();
    List<ProducerRecord<byte[], byte[]>> replies = replies();
    assertThat(replies).hasSize(1);
    Exchange reply =
        serdes.forType(Exchange.class).deserializer().deserialize("", replies.getFirst().value());
    assertThat(reply.getOutcome()).isInstanceOf(PipelineError.class);
    PipelineError error = (PipelineError) reply.getOutcome();
    assertThat(error.getCode()).isEqualTo("upstream_invalid_response");
    assertThat(error.getMessage()).contains("more than the " + Topic.MAX_EXCHANGE_BYTES);
    assertThat(tooLarge()).isOne();
  }

  @Test
  void shouldBuryADispatchThatLeavesNoRoomForAnErrorEither() {
    int envelope = serialized(exchange(0)).length;
    byte[] full = serialized(exchange(Topic.MAX_EXCHANGE_BYTES - envelope - 8));
    assertThat(full.length).isBetween(Topic.MAX_EXCHANGE_BYTES - 16, Topic.MAX_EXCHANGE_BYTES);
    handle(full);
    assertThat(replies()).isEmpty();
    assertThat(tooLarge()).as("the answer and the error").isEqualTo(2);
    assertThat(onlyDeadLetter().value()).hasSize(DeadLetterParts.MAX_VALUE_BYTES);
  }

  @Test
  void shouldBuryADispatchThatNoAnswerCanBeGivenToAndMakeNoCall() {
    handle(serialized(exchange(Topic.MAX_RECORD_BYTES - 512 * 1024)));
    assertThat(provider.requests()).isEmpty();
    assertThat(replies()).isEmpty();
    ProducerRecord<byte[], byte[]> letter = onlyDeadLetter();
    assertThat(header(letter, HeaderNames.ERROR_CODE)).isEqualTo("request_too_large");
    assertThat(header(letter, HeaderNames.ERROR_MESSAGE))
        .contains("more than the " + Topic.MAX_EXCHANGE_BYTES)
        .contains("was cut");
  }

  @Test
  void shouldBuryWhatIsNoExchangeWithinTheBounds() {
    for (int mebibytes : List.of(8, 9, 10, 11)) {
      producer.clear();
      handle(new byte[mebibytes * 1024 * 1024 - 512 * 1024]);
      assertThat(onlyDeadLetter().value())
          .hasSizeLessThanOrEqualTo(DeadLetterParts.MAX_VALUE_BYTES);
    }
  }

  @Test
  void shouldBuryARecordWhoseKeyAndHeadersAreTooLargeToo() {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(dispatch, 0, 7, new byte[4 << 20], new byte[9 << 20]);
    record.headers().add("long", new byte[4 << 20]);
    handle(record);
    ProducerRecord<byte[], byte[]> letter = onlyDeadLetter();
    assertThat(letter.key()).isNull();
    assertThat(header(letter, HeaderNames.ERROR_MESSAGE))
        .contains("the key of", "the value of", "headers of");
  }

  /** The only record sent. */
  private ProducerRecord<byte[], byte[]> onlyDeadLetter() {
    List<ProducerRecord<byte[], byte[]>> letters = sent(topics.deadLetters().name());
    assertThat(letters).hasSize(1);
    assertThat(sizeOf(letters.getFirst())).isLessThanOrEqualTo(MAX_REQUEST_SIZE);
    assertThat(endings).last().isEqualTo(new Ending.Done());
    assertThat(registry.get(WorkerMeters.DEAD_LETTERS).counter().count()).isEqualTo(endings.size());
    return letters.getFirst();
  }

  private void handle(byte[] value) {
    handle(new ConsumerRecord<>(dispatch, 0, 7, bytes("default/r"), value));
  }

  private void handle(ConsumerRecord<byte[], byte[]> record) {
    Assignment assignment =
        new Assignment(
            new TopicPartition(dispatch, 0),
            Lane.STANDARD,
            new Commit(0, ""),
            new InFlightLimit(1, 0),
            4_096);
    handler.handle(new Delivery(record, assignment, new Owner()));
  }

  private List<ProducerRecord<byte[], byte[]>> replies() {
    return sent(topics.stageReplies(TopicCatalogue.HOME).name());
  }

  private List<ProducerRecord<byte[], byte[]>> sent(String topic) {
    return producer.history().stream().filter(each -> each.topic().equals(topic)).toList();
  }

  private double tooLarge() {
    return registry
        .get(WorkerMeters.UNSENDABLE)
        .tag(WorkerMeters.REASON, "too_large")
        .counter()
        .count();
  }

  private static String header(ProducerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  /** A little more than the producer reckons. */
  private static int sizeOf(ProducerRecord<byte[], byte[]> record) {
    int bytes = FRAMING_BYTES + record.value().length;
    bytes += record.key() == null ? 0 : record.key().length;
    for (Header header : record.headers()) {
      bytes += FRAMING_BYTES + header.key().length() + header.value().length;
    }
    return bytes;
  }

  private byte[] serialized(Exchange exchange) {
    return serdes.forType(Exchange.class).serializer().serialize(dispatch, exchange);
  }

  private Exchange exchange(int characters) {
    return DispatchedExchange.of(
        topics, "r", "x".repeat(characters), FakeTime.START.toEpochMilli());
  }

  private ExchangeHandler handler() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), () -> 0.5);
    WorkerRecords records = new WorkerRecords("p", "w", topics, serdes);
    return new ExchangeHandler(
        new ExchangeReader(serdes.forType(Exchange.class).deserializer(), backoff, time),
        new RecentAttempts(100),
        new CallAssembly(
                "p",
                CallFixture.SETTING,
                ProviderHealthView.UNKNOWN,
                () -> 0,
                time,
                meters,
                "w",
                WorkerEvents.NONE)
            .executor(provider),
        new ChunkStreams(
            records,
            producer,
            hooks -> io.millrace.plugin.hook.ChunkResult::pass,
            time,
            new ChunkMeters(registry, "p"),
            WorkerEvents.NONE),
        new LatencyOutlook(time),
        ProviderBlockView.NONE,
        records,
        new Outbox(
            producer,
            backoff,
            SendFailures.of(topic -> TopicState.THERE, SendFailures.own(topics), time),
            time,
            meters),
        time,
        meters);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Hears how deliveries end. */
  private final class Owner implements Delivery.Owner {
    @Override
    public void ended(Delivery delivery, Ending ending) {
      endings.add(ending);
    }

    @Override
    public void fail(Throwable cause) {
      throw new AssertionError(cause);
    }
  }
}
