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
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BacklogTest {

  private static final Delivery.Owner NOBODY =
      new Delivery.Owner() {
        @Override
        public void ended(Delivery delivery, Ending ending) {}

        @Override
        public void fail(Throwable cause) {}
      };

  private final Backlog backlog = new Backlog(new ReadAhead(4, 1_000), new Postponed());
  private final Assignment first = assignment(0, Lane.BATCH);
  private final Assignment second = assignment(1, Lane.BATCH);

  @Test
  void shouldServeATenantThatComesAfterAFlood() {
    read(first, "flood/1", "flood/2", "flood/3");
    read(second, "small/1");
    assertThat(backlog.hold()).isZero();
    assertThat(begin(4)).containsExactly("flood/1", "small/1", "flood/2", "flood/3");
    assertThat(backlog.isEmpty()).isTrue();
  }

  @Test
  void shouldLeaveWhatIsMoreThanATenantsShareAndReadOn() {
    read(first, "a/1", "a/2", "a/3");
    read(second, "a/4", "a/5", "a/6");
    backlog.hold();
    assertThat(backlog.waiting(Lane.BATCH)).isEqualTo(2);
    assertThat(backlog.behind(Lane.BATCH)).isEqualTo(2);
    assertThat(backlog.wantsMore(first)).isTrue();
    assertThat(backlog.wanted()).isEmpty();
    assertThat(begin(2)).containsExactly("a/1", "a/4");
    assertThat(backlog.wanted()).containsExactlyInAnyOrder(first, second);
    assertThat(backlog.isEmpty()).isFalse();
  }

  @Test
  void shouldHoldNoMoreThanItsBoundAndReadOnWhenThereIsRoom() {
    read(first, "a/1", "b/2", "c/3", "d/4", "e/5");
    backlog.hold();
    assertThat(backlog.waiting(Lane.BATCH)).isEqualTo(4);
    assertThat(backlog.wantsMore(second)).isFalse();
    assertThat(begin(3)).containsExactly("a/1", "b/2", "c/3");
    backlog.hold();
    assertThat(backlog.waiting(Lane.BATCH)).isEqualTo(2);
    assertThat(backlog.wantsMore(first)).isTrue();
    assertThat(backlog.behind(Lane.BATCH)).isZero();
  }

  @Test
  void shouldHoldARecordLargerThanTheBoundByItself() {
    first.add(
        List.of(
            new ConsumerRecord<>("t", 0, 0, bytes("a/1"), new byte[5_000]),
            new ConsumerRecord<>("t", 0, 1, bytes("a/2"), new byte[5_000])));
    backlog.read(first);
    backlog.hold();
    assertThat(backlog.waiting(Lane.BATCH)).isOne();
    assertThat(begin(1)).containsExactly("a/1");
    backlog.hold();
    assertThat(begin(1)).containsExactly("a/2");
  }

  @Test
  void shouldGiveTheRoomBackWhenAPartitionLeaves() {
    read(first, "a/1", "a/2", "a/3", "a/4", "a/5");
    read(second, "b/1");
    backlog.hold();
    backlog.forget(first);
    first.stopTaking();
    backlog.hold();
    assertThat(begin(5)).containsExactly("b/1");
    assertThat(first.commit()).isEqualTo(new Commit(0, first.commit().metadata()));
  }

  @Test
  void shouldLeaveWhatWasTakenAndNotBegunToTheNextOwner() {
    read(first, "a/1", "b/1", "a/2");
    backlog.hold();
    assertThat(begin(2)).containsExactly("a/1", "b/1");
    first.ended(1, true);
    backlog.forget(first);
    first.stopTaking();
    Commit handedOver = first.commit();
    Assignment next =
        new Assignment(
            new TopicPartition("t", 0), Lane.BATCH, handedOver, new InFlightLimit(9, 0), 4_096);
    read(next, "a/1", "b/1", "a/2");
    backlog.hold();
    assertThat(begin(3)).containsExactly("a/1", "a/2");
  }

  @Test
  void shouldNotHurryForWhatWaitsForADeadModelAndHaveItBackWhenThatLives() {
    Postponed postponed = new Postponed(9, 1_000);
    Backlog patient = new Backlog(new ReadAhead(99, 9_000), postponed);
    List<ConsumerRecord<byte[], byte[]>> log = readSix(patient);
    List<Waiting> begun = beginAll(patient);
    assertThat(begun).hasSize(6);
    begun.forEach(each -> postpone(each, patient));
    assertThat(postponed.size()).isEqualTo(5);
    assertThat(patient.behind(Lane.BATCH)).isOne();
    assertThat(patient.isEmpty()).isTrue();
    for (int i = 0; i < 5; i++) {
      assertThat(postponed.next(all -> true, lane -> true, Long.MAX_VALUE / 2)).isNotNull();
    }
    assertThat(patient.isEmpty()).isFalse();
    new ReadAgain(log).turn(patient, 10);
    assertThat(beginAll(patient)).extracting(each -> each.record().offset()).containsExactly(5L);
    assertThat(patient.isEmpty()).isTrue();
  }

  @Test
  void shouldServeTheLivingWhenAFewDeadModelsHaveAllTheRoom() {
    Postponed postponed = new Postponed(100, 16);
    Backlog crowded = new Backlog(new ReadAhead(99, 9_000), postponed);
    for (int model = 0; model < 5; model++) {
      for (int i = 0; i < 8; i++) {
        first.add(List.of(record(8 * model + i, 1)));
        crowded.read(first);
        String dead = "dead-" + model;
        beginAll(crowded).forEach(each -> postpone(each, crowded, dead, true));
      }
    }
    assertThat(postponed.allows(Lane.BATCH, "dead-5")).as("all the room is taken").isFalse();
    assertThat(first.setAside()).isEqualTo(40 - postponed.size());
    assertThat(postponed.full(Lane.BATCH)).isFalse();
    first.add(List.of(record(40, 1)));
    crowded.read(first);
    crowded.hold();
    Waiting next = crowded.next(lane -> !postponed.full(lane));
    assertThat(next).extracting(each -> each.record().offset()).isEqualTo(40L);
  }

  @Test
  void shouldBeginNoMoreWhereNothingCanGoBackToTheTopic() {
    Postponed postponed = new Postponed(2, 1_000);
    Backlog crowded = new Backlog(new ReadAhead(99, 9_000), postponed);
    first.add(records(first, "a/1", "a/2", "a/3"));
    crowded.read(first);
    List<Waiting> begun = beginAll(crowded);
    first.stopTaking(); // whoever leaves sets nothing aside
    begun.forEach(each -> postpone(each, crowded, "dead", true));
    assertThat(postponed.size()).isEqualTo(3);
    assertThat(postponed.full(Lane.BATCH)).isTrue();
  }

  @Test
  void shouldForgetWhatWasPostponedOfAPartitionThatLeaves() {
    Postponed postponed = new Postponed(9, 1_000);
    Backlog sharing = new Backlog(new ReadAhead(99, 9_000), postponed);
    readSix(sharing);
    List<Waiting> begun = beginAll(sharing);
    begun.subList(0, 5).forEach(each -> postpone(each, sharing, "dead", true));
    assertThat(postponed.allows(Lane.BATCH, "dead")).isFalse();
    sharing.forget(first);
    assertThat(postponed.size()).isZero();
    assertThat(postponed.allows(Lane.BATCH, "dead")).isTrue();
    postpone(begun.get(5), sharing, "dead", false);
    assertThat(postponed.size()).as("it is its next owner's").isZero();
    assertThat(first.setAside()).isZero();
  }

  @Test
  void shouldKnowHowManyOfThoseHeldWereSetAside() {
    Postponed postponed = new Postponed(9, 1_000);
    Backlog patient = new Backlog(new ReadAhead(99, 9_000), postponed);
    List<ConsumerRecord<byte[], byte[]>> log = readSix(patient);
    beginAll(patient).forEach(each -> postpone(each, patient));
    assertThat(first.setAside()).isOne();
    assertThat(patient.returned()).isZero();
    for (int i = 0; i < 5; i++) {
      assertThat(postponed.next(all -> true, lane -> true, Long.MAX_VALUE / 2)).isNotNull();
    }
    new ReadAgain(log).turn(patient, 10);
    assertThat(patient.waiting()).isOne();
    assertThat(patient.returned()).isOne();
    assertThat(beginAll(patient)).hasSize(1);
    assertThat(patient.returned()).isZero();
  }

  /** Has six of one tenant read, and says which. */
  private List<ConsumerRecord<byte[], byte[]>> readSix(Backlog into) {
    List<ConsumerRecord<byte[], byte[]>> log =
        records(first, "a/1", "a/2", "a/3", "a/4", "a/5", "a/6");
    first.add(log);
    into.read(first);
    return log;
  }

  private static List<Waiting> beginAll(Backlog backlog) {
    List<Waiting> begun = new ArrayList<>();
    while (true) {
      int unused = backlog.hold();
      Waiting next = backlog.next(lane -> true);
      if (next == null) {
        return begun;
      }
      begun.add(next);
    }
  }

  /** Begins it, finds its model dead, and has it wait. */
  private static void postpone(Waiting waiting, Backlog backlog) {
    postpone(waiting, backlog, "dead", true);
  }

  private static void postpone(Waiting waiting, Backlog backlog, String model, boolean owned) {
    Assignment assignment = waiting.assignment();
    long offset = waiting.record().offset();
    Ending.Setback before = assignment.begun(offset);
    Ending.Setback after = new Ending.Setback(0, before.times() + 1, 0, 0);
    assignment.ended(offset, false);
    backlog.postpone(
        new Delivery(waiting.record(), assignment, NOBODY, after),
        new Ending.Postponed(Duration.ofNanos(1), after, model),
        owned,
        0);
  }

  @Test
  void shouldKnowTheTenantByTheKey() {
    assertThat(Backlog.tenantOf(bytes("acme/r/1"))).isEqualTo("acme");
    assertThat(Backlog.tenantOf(bytes("no-slash"))).isEmpty();
    assertThat(Backlog.tenantOf(null)).isEmpty();
    assertThat(Backlog.tenantOf(new byte[0])).isEmpty();
  }

  private static Assignment assignment(int partition, Lane lane) {
    return new Assignment(
        new TopicPartition("t", partition),
        lane,
        new Commit(0, ""),
        new InFlightLimit(9, 0),
        4_096);
  }

  private void read(Assignment assignment, String... keys) {
    assignment.add(records(assignment, keys));
    backlog.read(assignment);
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(
      Assignment assignment, String... keys) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String key : keys) {
      records.add(
          new ConsumerRecord<>(
              "t", assignment.partition().partition(), records.size(), bytes(key), new byte[0]));
    }
    return records;
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, int bytes) {
    return new ConsumerRecord<>("t", 0, offset, bytes("a/" + offset), new byte[bytes]);
  }

  private List<String> begin(int count) {
    List<String> begun = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Waiting next = backlog.next(lane -> true);
      if (next != null) {
        next.assignment().begun();
        begun.add(new String(next.record().key(), StandardCharsets.UTF_8));
      }
    }
    return begun;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
