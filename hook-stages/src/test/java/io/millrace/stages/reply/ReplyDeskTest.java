package io.millrace.stages.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.kafka.LostTopics;
import io.millrace.schemas.kafka.TopicState;
import io.millrace.schemas.topic.HeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplyDeskTest {

  private static final Set<String> ALLOWED = Set.of("here", "gone", "small");

  private static final Map<TopicPartition, OffsetAndMetadata> READ =
      Map.of(new TopicPartition("completions", 0), new OffsetAndMetadata(7));

  private final Map<String, TopicState> states = new HashMap<>();
  private final Map<String, RuntimeException> refusals = new HashMap<>();
  private final List<String> outcomes = new ArrayList<>();
  private final AtomicInteger looks = new AtomicInteger();
  private long nowNanos;

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
        @Override
        public synchronized List<PartitionInfo> partitionsFor(String topic) {
          RuntimeException refusal = refusals.get(topic);
          looks.incrementAndGet();
          if (refusal instanceof TimeoutException away) {
            throw away;
          }
          PartitionInfo info = new PartitionInfo(topic, 0, null, null, null);
          return List.of(info, info);
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
          RuntimeException refusal = refusals.get(record.topic());
          return refusal == null ? super.send(record) : CompletableFuture.failedFuture(refusal);
        }
      };

  private final ReplyDesk desk =
      new ReplyDesk(
          producer,
          ReplyDesk.lostTopics(
              topic -> states.getOrDefault(topic, TopicState.THERE), () -> nowNanos),
          (reply, outcome) -> outcomes.add(reply.address().topic() + " " + outcome));

  @BeforeEach
  void start() {
    producer.initTransactions();
  }

  @Test
  void shouldCopyKeyValueAndHeadersToTheNamedPartition() throws Exception {
    assertThat(send(List.of(reply("here", 1)))).isEmpty();
    ProducerRecord<byte[], byte[]> copy = producer.history().getFirst();
    assertThat(copy.topic()).isEqualTo("here");
    assertThat(copy.partition()).isOne();
    assertThat(copy.key()).asString().isEqualTo("r1");
    assertThat(copy.value()).asString().isEqualTo("result");
    assertThat(copy.headers().lastHeader(HeaderNames.SPRING_REPLY_TOPIC)).isNotNull();
    assertThat(outcomes).containsExactly("here SENT");
  }

  @Test
  void shouldChooseAPartitionWhenTheNamedOneIsNone() throws Exception {
    assertThat(send(List.of(reply("here", 2), reply("here", -1), reply("here", null)))).isEmpty();
    assertThat(producer.history()).extracting(ProducerRecord::partition).containsOnlyNulls();
  }

  @Test
  void shouldRememberHowFarResultsWereReadWithTheCopies() throws Exception {
    send(List.of(reply("here", null)));
    assertThat(producer.consumerGroupOffsetsHistory()).containsExactly(Map.of("replies", READ));
    assertThat(producer.commitCount()).isOne();
  }

  @Test
  void shouldRememberNothingWhileACopyWaits() throws Exception {
    lose("gone", TopicState.MISSING);
    assertThat(send(List.of(reply("gone", null), reply("here", null)))).hasSize(2);
    assertThat(producer.consumerGroupOffsetsHistory()).isEmpty();
    pass(ReplyDesk.PATIENCE);
    assertThat(send(List.of(reply("gone", null), reply("here", null)))).isEmpty();
    assertThat(outcomes).containsExactly("gone MISSING", "here SENT");
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void shouldLookOnceForATopicThatManyCopiesWaitFor() throws Exception {
    lose("gone", TopicState.MISSING);
    send(Collections.nCopies(100, reply("gone", null)));
    assertThat(looks).hasValue(1);
  }

  @Test
  void shouldSendSoundCopiesOnceWhenTheirTransactionFails() throws Exception {
    refusals.put("small", new RecordTooLargeException("too large"));
    List<Reply> again = send(List.of(reply("here", null), reply("small", null)));
    assertThat(again).hasSize(1);
    assertThat(producer.history()).isEmpty();
    assertThat(send(again)).isEmpty();
    assertThat(producer.history()).hasSize(1);
    assertThat(outcomes).containsExactly("small TOO_LARGE", "here SENT");
  }

  @Test
  void shouldGiveUpAMissingTopicWhenPatienceIsOver() throws Exception {
    lose("gone", TopicState.MISSING);
    assertThat(send(List.of(reply("gone", null)))).hasSize(1);
    pass(ReplyDesk.PATIENCE);
    assertThat(send(List.of(reply("gone", null)))).isEmpty();
    assertThat(send(List.of(reply("gone", null)))).isEmpty();
    assertThat(outcomes).containsExactly("gone MISSING", "gone MISSING");
  }

  @Test
  void shouldSendWhenAMissingTopicIsCreated() throws Exception {
    shouldGiveUpAMissingTopicWhenPatienceIsOver();
    refusals.clear();
    states.clear();
    pass(LostTopics.LOOK_AGAIN);
    assertThat(send(List.of(reply("gone", null)))).isEmpty();
    assertThat(outcomes.getLast()).isEqualTo("gone SENT");
  }

  @Test
  void shouldKeepCopiesWhileTheClusterDoesNotAnswer() throws Exception {
    lose("gone", TopicState.UNKNOWN);
    for (int i = 0; i < 100; i++) {
      assertThat(send(List.of(reply("gone", null)))).hasSize(1);
      pass(ReplyDesk.PATIENCE);
    }
    assertThat(outcomes).isEmpty();
  }

  @Test
  void shouldLeaveATopicAloneThatIsThereAndCannotBeWrittenTo() throws Exception {
    lose("here", TopicState.THERE);
    assertThat(send(List.of(reply("here", null)))).hasSize(1);
    pass(ReplyDesk.PATIENCE);
    assertThat(send(List.of(reply("here", null)))).isEmpty();
    refusals.clear();
    assertThat(send(List.of(reply("here", null)))).isEmpty();
    pass(LostTopics.LEFT_ALONE);
    assertThat(send(List.of(reply("here", null)))).isEmpty();
    assertThat(outcomes).containsExactly("here UNREACHABLE", "here UNREACHABLE", "here SENT");
  }

  @Test
  void shouldGiveUpOnlyTheCopyThatIsTooLarge() throws Exception {
    refusals.put("small", new RecordTooLargeException("too large"));
    assertThat(send(List.of(reply("small", null)))).isEmpty();
    refusals.clear();
    assertThat(send(List.of(reply("small", null)))).isEmpty();
    assertThat(outcomes).containsExactly("small TOO_LARGE", "small SENT");
  }

  @Test
  void shouldRememberHowFarResultsWereReadWhenTheLastCopyIsGivenUp() throws Exception {
    refusals.put("small", new RecordTooLargeException("too large"));
    assertThat(send(List.of(reply("small", null)))).isEmpty();
    assertThat(producer.consumerGroupOffsetsHistory()).containsExactly(Map.of("replies", READ));
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void shouldFindNoAddressInHeadersThatMakeNoSense() {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.SPRING_REPLY_TOPIC, null);
    assertThat(ReplyAddress.in(headers, ALLOWED)).isEmpty();
    headers.add(HeaderNames.SPRING_REPLY_TOPIC, text("not-allowed"));
    assertThat(ReplyAddress.in(headers, ALLOWED)).isEmpty();
    headers.add(HeaderNames.SPRING_REPLY_TOPIC, text("here"));
    headers.add(HeaderNames.SPRING_REPLY_PARTITION, null);
    assertThat(ReplyAddress.in(headers, ALLOWED)).contains(new ReplyAddress("here", null));
    headers.add(HeaderNames.SPRING_REPLY_PARTITION, new byte[9]);
    assertThat(ReplyAddress.in(headers, ALLOWED)).contains(new ReplyAddress("here", null));
  }

  private List<Reply> send(List<Reply> replies) throws InterruptedException {
    return desk.send(replies, new ReadUpTo(READ, new ConsumerGroupMetadata("replies")));
  }

  private void lose(String topic, TopicState state) {
    states.put(topic, state);
    refusals.put(topic, new TimeoutException("not present in metadata"));
  }

  private void pass(Duration duration) {
    nowNanos += duration.toNanos();
  }

  private static Reply reply(String topic, @Nullable Integer partition) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.SPRING_REPLY_TOPIC, text(topic));
    if (partition != null) {
      headers.add(
          HeaderNames.SPRING_REPLY_PARTITION,
          ByteBuffer.allocate(Integer.BYTES).putInt(partition).array());
    }
    ConsumerRecord<byte[], byte[]> result =
        new ConsumerRecord<>(
            "completions",
            0,
            0,
            1,
            TimestampType.CREATE_TIME,
            2,
            6,
            text("r1"),
            text("result"),
            headers,
            java.util.Optional.empty());
    return new Reply(ReplyAddress.in(headers, ALLOWED).orElseThrow(), result);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
