package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.offset.Commit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AssignmentTest {

  private final InFlightLimit limit = new InFlightLimit(10, 0);
  private final Assignment assignment =
      new Assignment(new TopicPartition("t", 0), Lane.STANDARD, new Commit(0, ""), limit, 4_096);

  @Test
  void shouldNotCountRecordsAsDoneThatWereReadAndNotBegun() {
    read(0, 1, 2, 3);
    beginNext();
    assignment.stopTaking();
    assignment.ended(0, true);
    assertThat(assignment.hasProgress()).isTrue();
    assertThat(assignment.commit()).isEqualTo(new Commit(1, ""));
  }

  @Test
  void shouldTakeNothingMoreOnceItIsLeaving() {
    assignment.stopTaking();
    read(0, 1);
    assertThat(assignment.hasUnread()).isFalse();
    assertThat(assignment.hasProgress()).isFalse();
  }

  @Test
  void shouldMovePastMarkersOnceNothingWaits() {
    read(0);
    assignment.readTo(2);
    beginNext();
    assignment.ended(0, true);
    assertThat(assignment.hasProgress()).isTrue();
    assertThat(assignment.commit()).isEqualTo(new Commit(2, ""));
  }

  @Test
  void shouldGivePlacesBackByTheCommitAndNotBefore() {
    read(0, 1, 2);
    beginNext();
    beginNext();
    beginNext();
    assignment.ended(0, true);
    assignment.ended(2, false);
    assertThat(limit.taken()).isEqualTo(2);
    assignment.commit();
    assignment.commitFailed();
    assertThat(limit.taken()).isEqualTo(2);
    assertThat(assignment.hasProgress()).isTrue();
    assignment.commit();
    assignment.ended(1, true);
    assignment.committed();
    assertThat(limit.taken()).isOne();
    assignment.leave();
    assertThat(limit.taken()).isZero();
  }

  private void read(long... offsets) {
    assignment.add(
        LongStream.of(offsets)
            .mapToObj(offset -> new ConsumerRecord<>("t", 0, offset, new byte[0], new byte[0]))
            .toList());
    assignment.readTo(offsets[offsets.length - 1] + 1);
  }

  private void beginNext() {
    assertThat(limit.tryTake(Lane.STANDARD)).isTrue();
    assertThat(assignment.takeNext()).isNotNull();
    assignment.begun();
  }
}
