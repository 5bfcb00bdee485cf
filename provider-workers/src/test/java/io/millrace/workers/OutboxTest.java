package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.kafka.LostTopics;
import io.millrace.schemas.kafka.TopicState;
import io.millrace.schemas.registry.SchemaRegistryException;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final List<RuntimeException> failures = Collections.synchronizedList(new ArrayList<>());
  private volatile TopicState state = TopicState.THERE;
  private RuntimeException refusal = new TimeoutException("not present in metadata");
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();
  private final FakeTime time = new FakeTime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
        @Override
        public synchronized java.util.concurrent.Future<RecordMetadata> send(
            ProducerRecord<byte[], byte[]> record, Callback callback) {
          int left = refused.merge(record.topic(), -1, Integer::sum);
          if (left >= 0) {
            failures.add(refusal);
          }
          return failures.isEmpty()
              ? super.send(record, callback)
              : java.util.concurrent.CompletableFuture.failedFuture(failures.removeFirst());
        }
      };
  private final Outbox outbox =
      new Outbox(
          producer,
          new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), () -> 0.5),
          SendFailures.of(topic -> state, "own"::equals, time),
          time,
          new WorkerMeters(meters, "p"));

  @Test
  void shouldRepeatOnlyWhatFailed() throws Exception {
    failures.add(new TimeoutException("no broker"));
    outbox.send(List.of(record("a"), record("b")));
    assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly("b", "a");
    assertThat(time.sleeps()).containsExactly(Duration.ofMillis(100));
    assertThat(meters.get(WorkerMeters.SEND_FAILURES).counter().count()).isOne();
  }

  @Test
  void shouldRepeatWhenTheRegistryCannotBeReached() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    outbox.send(
        List.of(
            () -> {
              if (tries.incrementAndGet() < 4) {
                throw new SchemaRegistryException("away", SchemaRegistryException.UNREACHABLE);
              }
              return record("a").get();
            }));
    assertThat(producer.history()).hasSize(1);
    assertThat(time.sleeps())
        .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
  }

  @Test
  void shouldSendTheOthersWhenOneIsTooLarge() {
    failures.add(new RecordTooLargeException("too large"));
    assertThatThrownBy(() -> outbox.send(List.of(record("a"), record("b"))))
        .isInstanceOf(UnsendableException.class)
        .hasMessageContaining("larger");
    assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly("b");
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void shouldNotRepeatWhatCannotBeEncoded() {
    assertThatThrownBy(
            () ->
                outbox.send(
                    List.of(
                        () -> {
                          throw new IllegalStateException("a null where none may be");
                        })))
        .isInstanceOf(UnsendableException.class)
        .hasMessageContaining("encoded");
  }

  @Test
  void shouldGiveUpATopicThatIsMissingForLongAndSendTheOthers() {
    state = TopicState.MISSING;
    refuse("gone", Integer.MAX_VALUE);
    assertThatThrownBy(() -> outbox.send(List.of(record("gone"), record("b"))))
        .isInstanceOf(UnsendableException.class)
        .hasMessageContaining("topic gone does not exist")
        .hasMessageContaining("create it");
    assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly("b");
    assertThat(slept()).isBetween(SendFailures.PATIENCE, SendFailures.PATIENCE.multipliedBy(2));
    assertThat(unsendable("missing_topic")).isOne();
  }

  @Test
  void shouldNotWaitAgainForATopicThatWasGivenUp() {
    shouldGiveUpATopicThatIsMissingForLongAndSendTheOthers();
    Duration before = slept();
    refused.clear(); // nobody even tries
    assertThatThrownBy(() -> outbox.send(List.of(record("gone"))))
        .isInstanceOf(UnsendableException.class);
    assertThat(slept()).isEqualTo(before);
    assertThat(unsendable("missing_topic")).isEqualTo(2);
  }

  @Test
  void shouldSendAgainWhenATopicThatWasGivenUpIsCreated() throws Exception {
    shouldGiveUpATopicThatIsMissingForLongAndSendTheOthers();
    refused.clear();
    state = TopicState.THERE;
    time.pass(LostTopics.LOOK_AGAIN);
    outbox.send(List.of(record("gone")));
    assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly("b", "gone");
  }

  @Test
  void shouldSendWhenTheTopicIsCreatedWhileItIsWaitedFor() throws Exception {
    state = TopicState.MISSING;
    refuse("late", 4);
    outbox.send(List.of(record("late")));
    assertThat(producer.history()).hasSize(1);
    assertThat(slept()).isLessThan(SendFailures.PATIENCE);
  }

  @Test
  void shouldNeverGiveUpWhenTheClusterDoesNotAnswer() throws Exception {
    state = TopicState.UNKNOWN;
    refuse("a", 100);
    outbox.send(List.of(record("a")));
    assertThat(producer.history()).hasSize(1);
    assertThat(slept()).isGreaterThan(SendFailures.PATIENCE.multipliedBy(4));
  }

  @Test
  void shouldNeverGiveUpATopicOfThePipelineItself() throws Exception {
    for (TopicState each : TopicState.values()) {
      state = each;
      refuse("own", 100);
      outbox.send(List.of(record("own")));
    }
    assertThat(producer.history()).hasSize(TopicState.values().length);
    assertThat(meters.find(WorkerMeters.UNSENDABLE).counters()).isEmpty();
  }

  @Test
  void shouldKnowTheTopicsOfThePipeline() {
    TopicCatalogue topics = new TopicCatalogue("t.", 1);
    Predicate<String> own = SendFailures.own(topics);
    assertThat(own)
        .accepts(
            topics.stageReplies(TopicCatalogue.HOME).name(),
            topics.stageReplies("a-group-of-tomorrow").name(),
            topics.attempts().name(),
            topics.deadLetters().name(),
            topics.providerModels().name())
        .rejects("stage.home.replies", "t.somebodys-own", "t.stage.home.requests", "");
  }

  @Test
  void shouldNameTheRightWhenATopicMayNotBeWrittenTo() {
    state = TopicState.FORBIDDEN;
    refuse("secret", Integer.MAX_VALUE);
    assertThatThrownBy(() -> outbox.send(List.of(record("secret"))))
        .isInstanceOf(UnsendableException.class)
        .hasMessageContaining("right WRITE");
    assertThat(unsendable("forbidden_topic")).isOne();
  }

  @Test
  void shouldGiveUpATopicThatTheBrokerRefusesAndTheClusterSaysNothingOf() {
    refusal = new TopicAuthorizationException("not authorized");
    refuse("secret", Integer.MAX_VALUE);
    assertThatThrownBy(() -> outbox.send(List.of(record("secret"), record("b"))))
        .isInstanceOf(UnsendableException.class)
        .hasMessageContaining("right WRITE");
    assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly("b");
    assertThat(slept()).isBetween(SendFailures.PATIENCE, SendFailures.PATIENCE.multipliedBy(2));
    assertThat(unsendable("forbidden_topic")).isOne();
  }

  @Test
  void shouldTryATopicThatWasRefusedNowAndThenWithoutWaiting() {
    shouldGiveUpATopicThatTheBrokerRefusesAndTheClusterSaysNothingOf();
    Duration before = slept();
    int tries = refused.getOrDefault("secret", 0);
    for (int i = 0; i < 20; i++) {
      time.pass(Duration.ofSeconds(1));
      assertThatThrownBy(() -> outbox.send(List.of(record("secret"))))
          .isInstanceOf(UnsendableException.class)
          .hasMessageContaining("right WRITE");
    }
    assertThat(slept()).isEqualTo(before);
    assertThat(tries - refused.getOrDefault("secret", 0)).isEqualTo(4);
  }

  @Test
  void shouldSendAgainWhenTheRightIsGiven() throws Exception {
    shouldGiveUpATopicThatTheBrokerRefusesAndTheClusterSaysNothingOf();
    refused.clear();
    time.pass(LostTopics.LOOK_AGAIN);
    outbox.send(List.of(record("secret")));
    assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly("b", "secret");
    refuse("secret", 4);
    outbox.send(List.of(record("secret")));
    assertThat(producer.history()).as("its patience begins anew").hasSize(3);
  }

  @Test
  void shouldNeverGiveUpATopicOfThePipelineThatIsRefused() throws Exception {
    refusal = new TopicAuthorizationException("not authorized");
    refuse("own", 100);
    outbox.send(List.of(record("own")));
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void shouldWaitForNoMoreTopicsThatAreRefusedThanAreKeptInMind() {
    Refusals refusals = new Refusals(SendFailures.PATIENCE, time);
    for (int i = 0; i < Refusals.MAX_TOPICS; i++) {
      assertThat(refusals.refused("t" + i)).isFalse();
    }
    assertThat(refusals.refused("one more")).isTrue();
    assertThat(refusals.givenUp("one more")).as("nothing is kept of it").isFalse();
    time.pass(SendFailures.PATIENCE);
    assertThat(refusals.refused("t0")).isTrue();
    time.pass(Refusals.FORGOTTEN);
    assertThat(refusals.refused("one more")).as("the others were forgotten").isFalse();
  }

  private void refuse(String topic, int times) {
    refused.put(topic, times);
  }

  private Duration slept() {
    return time.sleeps().stream().reduce(Duration.ZERO, Duration::plus);
  }

  private double unsendable(String reason) {
    return meters.get(WorkerMeters.UNSENDABLE).tag(WorkerMeters.REASON, reason).counter().count();
  }

  private static Supplier<ProducerRecord<byte[], byte[]>> record(String topic) {
    return () -> new ProducerRecord<>(topic, new byte[0], new byte[0]);
  }
}
