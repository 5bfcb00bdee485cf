package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.offset.Commit;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PostponedTest {

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final long PAUSE_NANOS = PAUSE.toNanos();

  /** Times of the system's clock may overflow. */
  private static final long NOW = Long.MAX_VALUE - PAUSE_NANOS / 2;

  private static final Delivery.Owner NOBODY =
      new Delivery.Owner() {
        @Override
        public void ended(Delivery delivery, Ending ending) {}

        @Override
        public void fail(Throwable cause) {}
      };

  private final Postponed postponed = new Postponed();

  @Test
  void shouldGiveNothingBeforeItIsDue() {
    postponed.add(delivery(Lane.STANDARD, 1, 0), "m", PAUSE, NOW);
    assertThat(postponed.next(all -> true, lane -> true, NOW + PAUSE_NANOS - 1)).isNull();
    assertThat(postponed.next(all -> true, lane -> true, NOW + PAUSE_NANOS)).isNotNull();
    assertThat(postponed.size()).isZero();
  }

  @Test
  void shouldSpreadACrowdOverTime() {
    for (int i = 0; i < 100; i++) {
      postponed.add(delivery(Lane.STANDARD, i, 0), "m", PAUSE, NOW);
    }
    for (int i = 0; i < 100; i++) {
      long due = NOW + PAUSE_NANOS + i * Postponed.SPACING.toNanos();
      Delivery next = postponed.next(all -> true, lane -> true, due);
      assertThat(offset(next)).isEqualTo(i);
      assertThat(postponed.next(all -> true, lane -> true, due)).isNull();
    }
  }

  @Test
  void shouldServeTheMoreUrgentLaneFirstAndPassOneWithoutAPlace() {
    long later = NOW + 2 * PAUSE_NANOS;
    postponed.add(delivery(Lane.BATCH, 1, 0), "m", PAUSE, NOW);
    postponed.add(delivery(Lane.INTERACTIVE, 2, 0), "m", PAUSE, NOW);
    assertThat(offset(postponed.next(all -> true, lane -> lane == Lane.BATCH, later))).isEqualTo(1);
    postponed.add(delivery(Lane.BATCH, 3, 0), "m", PAUSE, NOW);
    assertThat(offset(postponed.next(all -> true, lane -> true, later))).isEqualTo(2);
  }

  @Test
  void shouldDropWhatIsNotWanted() {
    postponed.add(delivery(Lane.STANDARD, 1, 10), "m", PAUSE, NOW);
    assertThat(postponed.next(all -> false, lane -> true, NOW)).isNull();
    assertThat(postponed.size()).isZero();
  }

  @Test
  void shouldBeFullForALaneWhenItHasSoManyOrSoMuch() {
    for (int i = 0; i < Postponed.MAX; i++) {
      assertThat(postponed.full(Lane.BATCH)).isFalse();
      postponed.add(delivery(Lane.BATCH, i, 0), "m", PAUSE, NOW);
    }
    assertThat(postponed.full(Lane.BATCH)).isTrue();
    assertThat(postponed.full(Lane.INTERACTIVE)).isFalse();
    postponed.add(delivery(Lane.INTERACTIVE, 1, (int) Postponed.MAX_BYTES), "m", PAUSE, NOW);
    assertThat(postponed.full(Lane.INTERACTIVE)).isTrue();
    assertThat(postponed.next(all -> true, lane -> true, NOW + PAUSE_NANOS)).isNotNull();
    assertThat(postponed.full(Lane.INTERACTIVE)).isFalse();
  }

  @Test
  void shouldAllowADeadModelHalfOfTheRoomAndTwoAThirdEach() {
    Postponed few = new Postponed(90, 1_000_000);
    int first = fill(few, "dead");
    assertThat(first).isEqualTo(45);
    assertThat(fill(few, "second")).isEqualTo(23);
    assertThat(few.full(Lane.BATCH)).isFalse();
    assertThat(few.allows(Lane.BATCH, "third")).isTrue();
    assertThat(few.allows(Lane.STANDARD, "dead")).isTrue();
  }

  @Test
  void shouldHaveALineReturnOnlyWhenItsModelHasRoom() {
    Postponed few = new Postponed(90, 1_000_000);
    fill(few, "dead");
    assertThat(few.mayReturn(Lane.BATCH, SetAside.line("dead"))).isFalse();
    assertThat(few.runsLow(Lane.BATCH, SetAside.line("dead"))).isFalse();
    assertThat(few.mayReturn(Lane.BATCH, "dead")).as("a tenant of that name").isTrue();
    for (int i = 0; i < 20; i++) {
      assertThat(few.next(all -> true, lane -> true, NOW + 2 * PAUSE_NANOS)).isNotNull();
    }
    assertThat(few.mayReturn(Lane.BATCH, SetAside.line("dead"))).isTrue();
    assertThat(few.runsLow(Lane.BATCH, SetAside.line("dead"))).isTrue();
  }

  @Test
  void shouldLetAModelReturnThatHasNoneHereHoweverManyOthersAreDead() {
    Postponed few = new Postponed(90, 1_000_000);
    for (int model = 0; model < 8; model++) {
      var unused = fill(few, "dead-" + model);
    }
    assertThat(few.full(Lane.BATCH)).isFalse();
    String alive = SetAside.line("alive-again");
    assertThat(few.mayReturn(Lane.BATCH, alive)).isTrue();
    assertThat(few.runsLow(Lane.BATCH, alive)).isTrue();
    assertThat(few.mayReturn(Lane.BATCH, SetAside.line("dead-0"))).isFalse();
  }

  private static int fill(Postponed room, String model) {
    int added = 0;
    while (room.allows(Lane.BATCH, model)) {
      room.add(delivery(Lane.BATCH, added++, 0), model, PAUSE, NOW);
    }
    return added;
  }

  @Test
  void shouldNotHaveOneLaneWaitForTheCrowdOfAnother() {
    for (int i = 0; i < 1_000; i++) {
      postponed.add(delivery(Lane.BATCH, i, 0), "m", PAUSE, NOW);
    }
    postponed.add(delivery(Lane.INTERACTIVE, 1, 0), "m", PAUSE, NOW);
    Delivery first = postponed.next(all -> true, lane -> true, NOW + PAUSE_NANOS);
    assertThat(Objects.requireNonNull(first).assignment().lane()).isEqualTo(Lane.INTERACTIVE);
  }

  private static Delivery delivery(Lane lane, long offset, int bytes) {
    TopicPartition partition = new TopicPartition("t", 0);
    Assignment assignment =
        new Assignment(partition, lane, new Commit(0, ""), new InFlightLimit(1, 0), 100);
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("t", 0, offset, new byte[0], new byte[bytes]);
    return new Delivery(record, assignment, NOBODY);
  }

  private static long offset(@Nullable Delivery delivery) {
    return Objects.requireNonNull(delivery).record().offset();
  }
}
