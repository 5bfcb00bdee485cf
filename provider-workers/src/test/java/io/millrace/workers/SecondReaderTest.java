package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.Backlog.Waiting;
import io.millrace.workers.offset.Commit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SecondReaderTest {

  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  private final FakeTime time = new FakeTime();
  private final List<MockConsumer<byte[], byte[]>> opened = new ArrayList<>();
  private final SecondReader reader = new SecondReader(this::open, time);
  private final Backlog backlog = new Backlog(new ReadAhead(4, 1_000), new Postponed());
  private final Assignment assignment =
      new Assignment(PARTITION, Lane.BATCH, new Commit(0, ""), new InFlightLimit(100, 0), 4_096);
  private boolean breaks;

  @Test
  void shouldReadWhatWasLeftOnceItIsWanted() {
    leaveAllBut(2, 10);
    assertThat(opened).isEmpty();
    assertThat(beginAll()).containsExactly(0L, 1L);
    read();
    assertThat(opened.getFirst().assignment()).containsExactly(PARTITION);
    assertThat(beginAll()).containsExactly(2L, 3L);
    read();
    assertThat(beginAll()).containsExactly(4L, 5L);
    assertThat(opened).hasSize(1);
  }

  @Test
  void shouldTryAgainALittleLaterWhenItFails() {
    leaveAllBut(2, 10);
    beginAll();
    breaks = true;
    read();
    breaks = false;
    read();
    assertThat(opened).hasSize(1);
    assertThat(opened.getFirst().closed()).isTrue();
    time.pass(Duration.ofSeconds(1));
    read();
    assertThat(opened).hasSize(2);
    assertThat(beginAll()).containsExactly(2L, 3L);
  }

  @Test
  void shouldReadNothingOfAPartitionThatHasLeft() {
    leaveAllBut(2, 10);
    backlog.forget(assignment);
    assignment.stopTaking();
    read();
    assertThat(opened).isEmpty();
    assertThat(assignment.commit().offset()).isZero();
  }

  private void read() {
    reader.read(backlog.wanted(), backlog::isBehind);
    backlog.holdAgain();
  }

  private MockConsumer<byte[], byte[]> open() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    opened.add(consumer);
    if (breaks) {
      consumer.setPollException(new KafkaException("a corrupt record"));
    } else {
      consumer.schedulePollTask(() -> records(10).forEach(consumer::addRecord));
    }
    return consumer;
  }

  private void leaveAllBut(int held, int count) {
    assignment.add(records(count));
    backlog.read(assignment);
    assertThat(backlog.hold()).isZero();
    assertThat(backlog.waiting(Lane.BATCH)).isEqualTo(held);
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int offset = 0; offset < count; offset++) {
      byte[] key = "a/r".getBytes(StandardCharsets.UTF_8);
      records.add(new ConsumerRecord<>("t", 0, offset, key, new byte[0]));
    }
    return records;
  }

  private List<Long> beginAll() {
    List<Long> begun = new ArrayList<>();
    for (Waiting next = backlog.next(lane -> true);
        next != null;
        next = backlog.next(lane -> true)) {
      next.assignment().begun();
      begun.add(next.record().offset());
    }
    return begun;
  }
}
