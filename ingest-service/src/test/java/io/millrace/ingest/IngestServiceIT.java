package io.millrace.ingest;

import static io.millrace.ingest.ServiceFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.ingest.FollowedEvents.Seen;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.topic.HeaderNames;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The whole service on a broker. Each test has topics, a registry and instances of its own, and
 * waits most of its time, so several run at once.
 */
@ExtendWith(BrokerExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class IngestServiceIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** The common pool is as small as the machine, and others need it, too. */
  private static final Executor OWN_THREAD = task -> Thread.ofVirtual().start(task);

  @TempDir Path stateDir;

  private ServiceFixture pipeline;
  private FakeHome home;

  @BeforeEach
  void open(TestBroker broker) {
    pipeline = new ServiceFixture(broker.bootstrapServers(), broker.freshTopics(4), stateDir);
    home = new FakeHome(pipeline.connection, pipeline.topics);
  }

  @AfterEach
  void close() {
    try {
      home.close();
    } finally {
      pipeline.close();
    }
  }

  @Test
  void shouldAnswerTheCallerWhenTheResultIsThere() {
    IngestService service = pipeline.start(pipeline.config("a"));

    HttpResponse<String> response = pipeline.chat(service, "hello");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).at("/choices/0/message/content").asText()).isEqualTo("hello");
    String id = response.headers().firstValue("X-Millrace-Request-ID").orElseThrow();
    await().atMost(SOON).until(() -> pipeline.status(service, id).equals("completed"));
  }

  @Test
  void shouldAnswerTheCallerWhenTheResultIsNotCommittedYet() {
    IngestService service = pipeline.start(pipeline.config("a"));
    home.committing = false;

    HttpResponse<String> response =
        pipeline.chat(service, "hello", "Idempotency-Key", "uncommitted");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(pipeline.status(service, "uncommitted")).isEqualTo("queued");
    home.abort();
  }

  @Test
  void shouldTellTheStateFromQueuedToCompletedWhenAsked() {
    IngestService service = pipeline.start(pipeline.config("a"));
    home.answering = false;

    HttpResponse<String> posted =
        pipeline.post(service, "/v1/requests", Requests.chatBody("hello"), "Idempotency-Key", "k1");

    assertThat(posted.statusCode()).isEqualTo(202);
    assertThat(pipeline.status(service, "k1")).isEqualTo("queued");
    await().atMost(SOON).until(() -> home.seen.size() == 1);
    home.accept(home.seen.getFirst());
    await().atMost(SOON).until(() -> pipeline.status(service, "k1").equals("in_progress"));
    home.answer(home.seen.getFirst());
    await().atMost(SOON).until(() -> pipeline.status(service, "k1").equals("completed"));
    assertThat(pipeline.status(service, "unknown")).isEqualTo("404");
  }

  @Test
  void shouldGiveTheSameResultWhenTheKeyIsUsedAgain() {
    IngestService service = pipeline.start(pipeline.config("a"));

    HttpResponse<String> first = pipeline.chat(service, "one", "Idempotency-Key", "k2");
    await().atMost(SOON).until(() -> pipeline.status(service, "k2").equals("completed"));
    HttpResponse<String> second = pipeline.chat(service, "two", "Idempotency-Key", "k2");

    assertThat(second.body()).isEqualTo(first.body());
    assertThat(home.seen).hasSize(1);
  }

  @Test
  void shouldAdmitEveryRecordOnceWhenSomeAreGarbage() {
    pipeline.start(pipeline.config("a"));
    int each = 20;

    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int i = 0; i < each; i++) {
        send(producer, "sound-" + i, Requests.chatBody("hello " + i));
        send(producer, "noise-" + i, "noise " + i);
        send(producer, "invalid-" + i, "{\"model\":\"m\",\"messages\":[]}");
      }
    }

    await().atMost(SOON).until(() -> home.seen.size() >= each);
    List<ConsumerRecord<byte[], byte[]>> letters = deadLetters(2 * each);
    assertThat(home.seen).extracting(Exchange::getRequestId).doesNotHaveDuplicates().hasSize(each);
    assertThat(letters)
        .extracting(letter -> new String(letter.key(), StandardCharsets.UTF_8))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, each)
                .boxed()
                .flatMap(i -> List.of("noise-" + i, "invalid-" + i).stream())
                .toList());
    assertThat(letters)
        .extracting(
            letter ->
                new String(
                    letter.headers().lastHeader(HeaderNames.ERROR_CODE).value(),
                    StandardCharsets.UTF_8))
        .containsOnly("undecodable", "invalid_request");
  }

  @Test
  void shouldAdmitWhatIsSoundWhenARecordHasTwoMegabytes() {
    pipeline.start(pipeline.config("a"));

    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      send(producer, "huge", "x".repeat(2_000_000));
      send(producer, "sound", Requests.chatBody("hello"));
    }

    await().atMost(SOON).until(() -> home.seen.size() == 1);
    assertThat(deadLetters(1))
        .singleElement()
        .satisfies(letter -> assertThat(letter.value()).hasSize(2_000_000));
  }

  @Test
  void shouldTellTheEventsOfARequestOnAnotherInstanceUntilItsResult() {
    IngestService a = pipeline.start(pipeline.config("a"));
    IngestService b = pipeline.start(pipeline.config("b"));
    home.answering = false;
    pipeline.post(a, "/v1/requests", Requests.chatBody("hello"), "Idempotency-Key", "r1");
    await().atMost(SOON).until(() -> home.seen.size() == 1);
    Exchange exchange = home.seen.getFirst();
    Exchange namesake = Requests.exchange("other", "r1");
    home.accept(exchange);
    await().atMost(SOON).until(() -> pipeline.status(b, "r1").equals("in_progress"));
    home.call(exchange, 1, "upstream_error");
    home.event(namesake, "secret-of-another-tenant", Map.of());
    home.call(namesake, 1, null);

    FollowedEvents live = pipeline.follow(b, "r1");
    List<Seen> seen = new ArrayList<>(List.of(live.next(), live.next(), live.next()));
    home.event(exchange, "route-selected", Map.of("target", "sim/echo"));
    seen.add(live.next());
    home.call(exchange, 2, null);
    home.answer(exchange);
    seen.addAll(live.rest());

    assertThat(seen)
        .extracting(Seen::what)
        .containsExactly(
            "state in_progress",
            "event request-accepted",
            "call call-failed",
            "event route-selected",
            "call call-completed",
            "result completed");
    assertThat(seen.get(2).data().at("/attributes/code").asText()).isEqualTo("upstream_error");
    assertThat(seen.getLast().data().at("/response/choices/0/message/content").asText())
        .isEqualTo("hello");
    assertThat(seen.subList(0, 5).toString()).doesNotContain("hello", "operators-key");
    List<Seen> later = seen.subList(1, 6);
    await().atMost(SOON).until(() -> pipeline.status(a, "r1").equals("completed"));
    assertThat(pipeline.follow(a, "r1").rest().subList(1, 6)).isEqualTo(later);
    String madeUp = "a0:9,a1:9,a2:9,a3:9,e0:99999,e1:99999,e2:99999,e3:99999";
    assertThat(pipeline.follow(a, "r1", "Last-Event-ID", madeUp).rest()).hasSize(6);
    assertThat(pipeline.follow(a, "r1", "Last-Event-ID", seen.get(2).id()).rest())
        .extracting(Seen::what)
        .containsExactly(
            "state completed", "event route-selected", "call call-completed", "result completed");

    pipeline.post(a, "/v1/requests", Requests.chatBody("hello"), "Idempotency-Key", "r2");
    FollowedEvents interrupted = pipeline.follow(a, "r2");
    assertThat(interrupted.next().what()).isEqualTo("state queued");
    await().atMost(SOON).until(() -> home.seen.size() == 2);
    home.accept(home.seen.getLast());
    assertThat(interrupted.next().what()).isEqualTo("event request-accepted");
    assertThat(interrupted.next().what()).isEqualTo("state in_progress");
    pipeline.stop(a);
    assertThat(interrupted.rest()).isEmpty();
    assertThat(
            pipeline.meters.get(IngestMeters.FOLLOWERS).tag("outcome", "drained").timer().count())
        .isOne();
  }

  @Test
  void shouldFindEveryResultOnEitherInstanceWhenThereAreTwo() {
    IngestService a = pipeline.start(pipeline.config("a"));
    IngestService b = pipeline.start(pipeline.config("b"));
    List<String> ids = IntStream.range(0, 20).mapToObj(i -> "r" + i).toList();

    ids.forEach(id -> pipeline.chat(a, "hello", "Idempotency-Key", id));

    for (IngestService instance : List.of(a, b)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> ids.stream().allMatch(id -> pipeline.status(instance, id).equals("completed")));
    }
    assertThat(lookups("local")).isPositive();
    assertThat(lookups("remote")).isPositive();

    pipeline.stop(b);

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ids.stream().allMatch(id -> pipeline.status(a, id).equals("completed")));
    assertThat(home.seen).hasSize(ids.size());
  }

  @Test
  void shouldAnswerOnTheSecondInstanceWhenTheFirstTookTheRequest() {
    IngestService a = pipeline.start(pipeline.config("a"));
    IngestService b = pipeline.start(pipeline.config("b"));
    home.answering = false;
    var first =
        CompletableFuture.supplyAsync(
            () -> pipeline.chat(a, "one", "Idempotency-Key", "shared"), OWN_THREAD);
    await().atMost(SOON).until(() -> home.seen.size() == 1);
    home.accept(home.seen.getFirst());
    await().atMost(SOON).until(() -> pipeline.status(b, "shared").equals("in_progress"));

    var second =
        CompletableFuture.supplyAsync(
            () -> pipeline.chat(b, "two", "Idempotency-Key", "shared"), OWN_THREAD);
    home.answer(home.seen.getFirst());

    assertThat(first.join().body()).isEqualTo(second.join().body()).contains("one");
    assertThat(home.seen).hasSize(1);
  }

  @Test
  void shouldStillKnowTheResultsWhenStartedAgain() {
    IngestService before = pipeline.start(pipeline.config("a"));
    pipeline.chat(before, "hello", "Idempotency-Key", "kept");
    await().atMost(SOON).until(() -> pipeline.status(before, "kept").equals("completed"));
    pipeline.stop(before);

    IngestService after = pipeline.start(pipeline.config("a"));

    await().atMost(SOON).until(() -> pipeline.status(after, "kept").equals("completed"));
  }

  @Test
  void shouldLetCallersHaveTheirResultWhenItCloses() {
    IngestService service = pipeline.start(pipeline.config("a"));
    home.answering = false;
    var waiting = CompletableFuture.supplyAsync(() -> pipeline.chat(service, "hello"), OWN_THREAD);
    await().atMost(SOON).until(() -> home.seen.size() == 1);

    var closed = CompletableFuture.runAsync(() -> pipeline.stop(service), OWN_THREAD);
    await().atMost(SOON).until(() -> !service.ready());
    assertThat(pipeline.chat(service, "too late").statusCode()).isEqualTo(503);
    home.answer(home.seen.getFirst());

    assertThat(waiting.join().statusCode()).isEqualTo(200);
    closed.join();
  }

  @Test
  void shouldSayWhatIsMissingWhenThereAreNoTopics(TestBroker broker) {
    assertThatThrownBy(
            () ->
                IngestService.start(
                    pipeline.config("a").withDeliveryTimeout(Duration.ofSeconds(1)),
                    pipeline.connection,
                    broker.freshTopics(1),
                    new SimpleMeterRegistry()))
        .hasMessageContaining("stage.home.requests")
        .hasMessageContaining("are topics created?");
  }

  @Test
  void shouldLeaveNothingOpenWhenThePortIsTaken() throws Exception {
    IngestService first = pipeline.start(pipeline.config("a"));
    IngestConfig same = pipeline.config("b");
    // What an earlier test left is none of this one's: its threads are a group.
    ThreadGroup own = new ThreadGroup("a start that fails");
    CompletableFuture<Throwable> failure = new CompletableFuture<>();

    Thread.ofPlatform()
        .group(own)
        .start(
            () ->
                failure.complete(
                    catchThrowable(
                        () ->
                            IngestService.start(
                                same.withHttp(same.http().withAddress("127.0.0.1", first.port())),
                                pipeline.connection,
                                pipeline.topics,
                                new SimpleMeterRegistry()))));

    assertThat(failure.get()).hasMessageContaining(Integer.toString(first.port()));
    await()
        .atMost(SOON)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> own.equals(thread.getThreadGroup()))
                    .noneMatch(
                        thread -> thread.getName().equals(IngestService.COMPLETIONS_THREAD)));
  }

  private double lookups(String by) {
    return pipeline.meters.counter(IngestMeters.LOOKUPS, "by", by).count();
  }

  private KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> properties = pipeline.connection.clientProperties();
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 10_000_000);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private void send(KafkaProducer<byte[], byte[]> producer, String key, String value) {
    var unused =
        producer.send(
            new ProducerRecord<>(
                pipeline.topics.requests().name(),
                key.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8)));
  }

  /** Waits for so many, and then a while for one too many. */
  private List<ConsumerRecord<byte[], byte[]>> deadLetters(int count) {
    Map<String, Object> properties = pipeline.connection.clientProperties();
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, UUID.randomUUID().toString());
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(pipeline.topics.deadLetters().name()));
      await()
          .atMost(SOON)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(letters::add);
                return letters.size() >= count;
              });
      consumer.poll(Duration.ofMillis(500)).forEach(letters::add);
    }
    assertThat(letters).hasSize(count);
    return letters;
  }
}
