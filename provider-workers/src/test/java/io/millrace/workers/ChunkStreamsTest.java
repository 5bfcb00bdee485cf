package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.RequestKind;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ChunkStreamsTest {

  private final TopicCatalogue topics = new TopicCatalogue("t.", 1);
  private final AvroSerdes serdes = new AvroSerdes(new InMemorySchemaRegistry());
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final List<List<String>> ran = new ArrayList<>();
  private final FakeTime time = new FakeTime();
  private final ToldEvents told = new ToldEvents();
  private final ChunkStreams streams =
      new ChunkStreams(
          new WorkerRecords("p", "w", topics, serdes),
          producer,
          hooks -> {
            ran.add(hooks);
            return ChunkResult::pass;
          },
          time,
          new ChunkMeters(new SimpleMeterRegistry(), "p"),
          told);

  @Test
  void shouldStreamOnlyWhatTheCallerAndTheHooksWantInPieces() throws Exception {
    Exchange whole = exchange(request(false));
    Exchange wholeForAHook = exchange(request(true));
    wholeForAHook.setEffectiveRequest(request(false));
    Exchange changed = exchange(request(true));
    changed.setEffectiveRequest(request(true));
    Exchange embeddings = exchange(request(true));
    embeddings.getRequest().setKind(RequestKind.EMBEDDINGS);

    assertThat(streams.open(exchange(request(true)))).isNotNull();
    assertThat(streams.open(changed)).isNotNull();
    assertThat(streams.open(whole)).isNull();
    assertThat(streams.open(wholeForAHook)).isNull();
    assertThat(streams.open(embeddings)).isNull();
  }

  @Test
  void shouldNameTheHooksInTheOrderTheyRan() throws Exception {
    assertThat(streams.open(exchange(request(true)))).isNotNull();
    assertThat(ran).containsExactly(List.of("a", "b", "c"));
  }

  @Test
  void shouldWriteUnderTheRequestsIdAndGiveEveryRunANameOfItsOwn() throws Exception {
    for (int run = 0; run < 2; run++) {
      Objects.requireNonNull(streams.open(exchange(request(true)))).accept("{}");
    }
    List<CompletionChunk> written =
        producer.history().stream()
            .map(
                sent ->
                    serdes
                        .forType(CompletionChunk.class)
                        .deserializer()
                        .deserialize(sent.topic(), sent.value()))
            .toList();
    assertThat(producer.history())
        .allSatisfy(
            sent -> {
              assertThat(sent.topic()).isEqualTo("t.completion-chunks");
              assertThat(new String(sent.key(), StandardCharsets.UTF_8)).isEqualTo("r");
            });
    assertThat(written)
        .allSatisfy(
            chunk -> {
              assertThat(chunk.getExchangeId()).isEqualTo("acme/r");
              assertThat(chunk.getTenant()).isEqualTo("acme");
              assertThat(chunk.getAttempt()).isEqualTo(3);
              assertThat(chunk.getAtMillis()).isEqualTo(FakeTime.START.toEpochMilli());
            });
    assertThat(written).extracting(CompletionChunk::getStream).doesNotHaveDuplicates();
  }

  @Test
  void shouldTellHowFarALongStreamIsOnceASecond() throws Exception {
    ChunkStream stream = Objects.requireNonNull(streams.open(exchange(request(true))));
    for (int piece = 0; piece < 25; piece++) {
      stream.accept("{}");
      time.pass(Duration.ofMillis(100));
    }
    assertThat(told.types()).containsOnly("inference-progress");
    assertThat(told.attributes("chunks")).containsExactly("11", "21");
    assertThat(told.attributes("millis")).containsExactly("1000", "2000");
    assertThat(told.requests()).containsOnly("r");
  }

  @Test
  void shouldTellNothingOfAShortStream() throws Exception {
    ChunkStream stream = Objects.requireNonNull(streams.open(exchange(request(true))));
    for (int piece = 0; piece < 500; piece++) {
      stream.accept("{}");
    }
    assertThat(told.types()).isEmpty();
  }

  private static CompletionRequest request(boolean stream) {
    return CompletionRequest.newBuilder()
        .setModel("p/m")
        .setMessages(List.of())
        .setStream(stream)
        .build();
  }

  private static Exchange exchange(CompletionRequest request) {
    return Exchange.newBuilder()
        .setExchangeId("acme/r")
        .setRequestId("r")
        .setTenant("acme")
        .setRequest(request)
        .setAttempt(3)
        .setLane(Lane.INTERACTIVE)
        .setAcceptedAtMillis(0)
        .setDeadlineMillis(1)
        .setFrames(List.of(frame("home", "a"), frame("inner", "b", "c")))
        .build();
  }

  private static Frame frame(String topic, String... hooks) {
    return Frame.newBuilder()
        .setReplyTopic(topic)
        .setScopeKey("acme")
        .setHooks(List.of(hooks))
        .build();
  }
}
