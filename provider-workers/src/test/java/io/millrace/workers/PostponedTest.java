package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.offset.Commit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    add(postponed, delivery(Lane.STANDARD, 1, 0));
    assertThat(postponed.next(all -> true, lane -> true, NOW + PAUSE_NANOS - 1)).isNull();
    assertThat(postponed.next(all -> true, lane -> true, NOW + PAUSE_NANOS)).isNotNull();
    assertThat(postponed.size()).isZero();
  }

  @Test
  void shouldSpreadACrowdOverTime() {
    for (int i = 0; i < 100; i++) {
      add(postponed, delivery(Lane.STANDARD, i, 0));
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
    add(postponed, delivery(Lane.BATCH, 1, 0));
    add(postponed, delivery(Lane.INTERACTIVE, 2, 0));
    assertThat(offset(postponed.next(all -> true, lane -> lane == Lane.BATCH, later))).isEqualTo(1);
    add(postponed, delivery(Lane.BATCH, 3, 0));
    assertThat(offset(postponed.next(all -> true, lane -> true, later))).isEqualTo(2);
  }

  @Test
  void shouldDropWhatIsNotWanted() {
    add(postponed, delivery(Lane.STANDARD, 1, 10));
    assertThat(postponed.next(all -> false, lane -> true, NOW)).isNull();
    assertThat(postponed.size()).isZero();
  }

  @Test
  void shouldBeFullForALaneWhenItHasSoManyOrSoMuchAndSomeThatCanBeNowhereElse() {
    for (int i = 0; i < Postponed.MAX; i++) {
      assertThat(postponed.full(Lane.BATCH)).isFalse();
      force(Lane.BATCH, i, 0);
    }
    assertThat(postponed.full(Lane.BATCH)).isTrue();
    assertThat(postponed.full(Lane.INTERACTIVE)).isFalse();
    force(Lane.INTERACTIVE, 1, (int) Postponed.MAX_BYTES);
    assertThat(postponed.full(Lane.INTERACTIVE)).isTrue();
    assertThat(next(NOW + PAUSE_NANOS)).isNotNull();
    assertThat(postponed.full(Lane.INTERACTIVE)).isFalse();
  }

  @Test
  void shouldNotBeFullWithoutRoomWhileOthersCanGoBackToTheTopic() {
    add(postponed, delivery(Lane.BATCH, 1, (int) Postponed.MAX_BYTES));
    assertThat(postponed.allows(Lane.BATCH, "other")).isFalse();
    assertThat(postponed.full(Lane.BATCH)).isFalse();
    force(Lane.BATCH, 2, 0);
    assertThat(postponed.full(Lane.BATCH)).isTrue();
    assertThat(offset(next(NOW + PAUSE_NANOS))).isEqualTo(1);
    assertThat(postponed.full(Lane.BATCH)).isFalse();
    add(postponed, delivery(Lane.BATCH, 3, (int) Postponed.MAX_BYTES));
    assertThat(offset(next(NOW + 2 * PAUSE_NANOS))).isEqualTo(2);
    assertThat(postponed.full(Lane.BATCH)).as("the last that had to be here is gone").isFalse();
  }

  @Test
  void shouldKeepACrowdApartThatComesBackAllAtOnce() {
    fill(100);
    long at = NOW + 2 * PAUSE_NANOS;
    List<Delivery> taken = new ArrayList<>();
    for (Delivery next = next(at); next != null; next = next(at)) {
      taken.add(next);
    }
    assertThat(taken).hasSize(100);
    for (int i = 0; i < 100; i++) {
      again(taken.get(i), at + 3 * PAUSE_NANOS, at + i * 1_000L);
    }
    assertThatTheyAreApart(at + 3 * PAUSE_NANOS, 100);
  }

  @Test
  void shouldKeepACrowdApartThatComesBackOneByOne() {
    fill(100);
    long now = NOW + 2 * PAUSE_NANOS;
    long until = NOW + 5 * PAUSE_NANOS;
    for (int i = 0; i < 100; i++) {
      again(Objects.requireNonNull(next(now)), until, now);
      now += 10_000;
    }
    assertThatTheyAreApart(until, 100);
  }

  @Test
  void shouldNotHaveAShortPauseWaitForTheLongOneBefore() {
    postponed.add(delivery(Lane.BATCH, 1, 0), "m", Duration.ofHours(1), false, NOW);
    add(postponed, delivery(Lane.BATCH, 2, 0));
    long due = NOW + PAUSE_NANOS + Postponed.SPACING.toNanos();
    assertThat(offset(next(due))).isEqualTo(2);
    assertThat(next(due)).isNull();
  }

  @Test
  void shouldNotHaveOneModelWaitForTheCrowdOfAnother() {
    fill(1_000);
    postponed.add(delivery(Lane.BATCH, 7, 0), "alone", PAUSE, false, NOW);
    assertThat(next(NOW + PAUSE_NANOS)).isNotNull();
    assertThat(offset(next(NOW + PAUSE_NANOS))).isEqualTo(7);
  }

  @Test
  void shouldForgetAPartitionThatHasLeft() {
    Delivery leaving = delivery(Lane.BATCH, 1, (int) Postponed.MAX_BYTES);
    postponed.add(leaving, "left", PAUSE, true, NOW);
    add(postponed, delivery(Lane.BATCH, 2, 0));
    assertThat(postponed.full(Lane.BATCH)).isTrue();
    postponed.forget(leaving.assignment());
    assertThat(postponed.full(Lane.BATCH)).isFalse();
    assertThat(postponed.allows(Lane.BATCH, "other")).isTrue();
    assertThat(offset(next(NOW + PAUSE_NANOS))).isEqualTo(2);
    assertThat(postponed.size()).isZero();
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
      room.add(delivery(Lane.BATCH, added++, 0), model, PAUSE, false, NOW);
    }
    return added;
  }

  @Test
  void shouldNotHaveOneLaneWaitForTheCrowdOfAnother() {
    for (int i = 0; i < 1_000; i++) {
      add(postponed, delivery(Lane.BATCH, i, 0));
    }
    add(postponed, delivery(Lane.INTERACTIVE, 1, 0));
    Delivery first = postponed.next(all -> true, lane -> true, NOW + PAUSE_NANOS);
    assertThat(Objects.requireNonNull(first).assignment().lane()).isEqualTo(Lane.INTERACTIVE);
  }

  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      add(postponed, delivery(Lane.BATCH, i, 0));
    }
  }

  private void again(Delivery delivery, long untilNanos, long nowNanos) {
    postponed.add(delivery, "m", Duration.ofNanos(untilNanos - nowNanos), false, nowNanos);
  }

  private void assertThatTheyAreApart(long firstNanos, int count) {
    long spacing = Postponed.SPACING.toNanos();
    assertThat(next(firstNanos - 1)).isNull();
    for (int i = 0; i < count; i++) {
      assertThat(next(firstNanos + i * spacing)).as("%d", i).isNotNull();
      assertThat(next(firstNanos + (i + 1) * spacing - 1)).as("after %d", i).isNull();
    }
    assertThat(postponed.size()).isZero();
  }

  private @Nullable Delivery next(long nowNanos) {
    return postponed.next(all -> true, lane -> true, nowNanos);
  }

  private void force(Lane lane, long offset, int bytes) {
    postponed.add(delivery(lane, offset, bytes), "m", PAUSE, true, NOW);
  }

  private static void add(Postponed to, Delivery delivery) {
    to.add(delivery, "m", PAUSE, false, NOW);
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
