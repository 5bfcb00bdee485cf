package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.Backlog.Waiting;
import io.millrace.workers.Ending.Setback;
import io.millrace.workers.offset.Commit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.RepeatedTest;

/**
 * One partition's records for models of which some are dead for a while, under owners that come and
 * go: what is for living models is done while the others are dead, whatever the tenant; when all
 * live again every record is done; none is begun while it runs, or again once its end was
 * committed; nothing of how long it was postponed is forgotten by an owner; and memory is bounded.
 */
class DeadModelPropertyTest {

  private static final int RECORDS = 600;
  private static final int MODELS = 4;
  private static final int MAX_IN_FLIGHT = 7;
  private static final Duration PAUSE = Duration.ofMillis(3);

  /** So short that more places in flight become free than those who come back may take. */
  private static final int TURN_NANOS = (int) Postponed.SPACING.toNanos() / 5;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final List<ConsumerRecord<byte[], byte[]>> log = log();
  private final Set<String> dead = new HashSet<>();
  private final Set<Long> committedDone = new HashSet<>();
  private long nowNanos;

  @RepeatedTest(20)
  void shouldDoTheLivingWhileOthersAreDeadAndAllWhenTheyLive() {
    Owner owner = new Owner(new Commit(0, ""));
    for (int round = 0; round < 4; round++) {
      dead.clear();
      for (int model = 1; model < MODELS; model++) {
        if (random.nextInt(3) > 0) {
          dead.add("m" + model);
        }
      }
      int steps = random.nextInt(2_000);
      for (int step = 0; step < steps; step++) {
        owner.turn();
      }
      owner.commit();
      owner = random.nextInt(3) == 0 ? new Owner(owner.latest) : owner;
    }
    owner.runUntil(false);
    dead.clear();
    owner.runUntil(true);
    owner.commit();
    assertThat(owner.latest).as("seed %d", seed).isEqualTo(new Commit(end(), ""));
  }

  private long end() {
    return log.getLast().offset() + 1;
  }

  private List<ConsumerRecord<byte[], byte[]>> log() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long offset = 0;
    for (int i = 0; i < RECORDS; i++) {
      offset += random.nextInt(10) == 0 ? 2 : 1; // gaps: markers
      byte[] key = ("t" + random.nextInt(3) + "/" + i).getBytes(StandardCharsets.UTF_8);
      int model = random.nextInt(3) > 0 ? 1 : random.nextInt(MODELS); // most are one model's
      byte[] value = ("m" + model).getBytes(StandardCharsets.UTF_8);
      records.add(new ConsumerRecord<>("t", 0, offset - 1, key, value));
    }
    return records;
  }

  /** A worker while it has the partition. */
  private final class Owner implements Delivery.Owner {

    private final int room = 20 + random.nextInt(40);
    private final Postponed postponed = new Postponed(room, 1_000_000);
    private final Backlog backlog =
        new Backlog(new ReadAhead(4 + random.nextInt(40), 10_000), postponed);
    private final InFlightLimit limit = new InFlightLimit(MAX_IN_FLIGHT, 0);
    private final List<Delivery> running = new ArrayList<>();
    private final Set<Long> setBack = new HashSet<>();
    private final Set<Long> done = new HashSet<>();
    private final ReadAgain again = new ReadAgain(log);
    private final Assignment assignment;
    private Commit latest;
    private int next;

    Owner(Commit from) {
      latest = from;
      assignment = new Assignment(new TopicPartition("t", 0), Lane.BATCH, from, limit, 4_096);
      while (next < log.size() && log.get(next).offset() < from.offset()) {
        next++;
      }
    }

    /** Runs until nothing is left that can be done. */
    void runUntil(boolean everything) {
      int turns = 0;
      while (!finished(everything)) {
        assertThat(turns++).as("it comes to an end, seed %d", seed).isLessThan(100_000);
        turn();
      }
    }

    private boolean finished(boolean everything) {
      return log.stream()
          .filter(record -> everything || !dead.contains(modelOf(record)))
          .allMatch(
              record -> done.contains(record.offset()) || committedDone.contains(record.offset()));
    }

    void turn() {
      nowNanos += 1 + random.nextInt(TURN_NANOS);
      read();
      again.turn(backlog, 1 + random.nextInt(30));
      var unused = backlog.hold();
      begin();
      if (!running.isEmpty() && random.nextInt(3) > 0) {
        end(running.remove(random.nextInt(running.size())));
      }
      if (random.nextInt(10) == 0) {
        commit();
      }
      assertThat(postponed.size()).as("seed %d", seed).isLessThanOrEqualTo(room + MAX_IN_FLIGHT);
    }

    private void read() {
      int to = Math.min(log.size(), next + 1 + random.nextInt(30));
      if (to > next && backlog.wantsMore(assignment)) {
        assignment.add(List.copyOf(log.subList(next, to)));
        backlog.read(assignment);
        next = to;
        assignment.readTo(log.get(to - 1).offset() + 1);
      }
    }

    private void begin() {
      Delivery due = postponed.next(all -> true, limit::tryTake, nowNanos);
      if (due != null) {
        assignment.begun();
        begun(due);
      }
      Waiting waiting = backlog.next(lane -> !postponed.full(lane) && limit.tryTake(lane));
      if (waiting != null) {
        Setback setback = assignment.begun(waiting.record().offset());
        begun(new Delivery(waiting.record(), assignment, this, setback));
      }
    }

    private void begun(Delivery delivery) {
      long offset = delivery.record().offset();
      assertThat(committedDone).as("seed %d", seed).doesNotContain(offset);
      assertThat(done).as("once, seed %d", seed).doesNotContain(offset);
      assertThat(running.stream().map(each -> each.record().offset()))
          .as("not twice at once, seed %d", seed)
          .doesNotContain(offset);
      assertThat(delivery.setback().times() > 0)
          .as("its past is known, seed %d", seed)
          .isEqualTo(setBack.contains(offset));
      running.add(delivery);
    }

    private void end(Delivery delivery) {
      long offset = delivery.record().offset();
      String model = modelOf(delivery.record());
      if (dead.contains(model)) {
        assignment.ended(offset, false);
        setBack.add(offset);
        Setback before = delivery.setback();
        Setback after =
            new Setback(
                before.times() == 0 ? nowNanos : before.sinceNanos(), before.times() + 1, 0, 0);
        backlog.postpone(
            delivery.after(after), new Ending.Postponed(PAUSE, after, model), true, nowNanos);
      } else {
        assignment.ended(offset, true);
        done.add(offset);
      }
    }

    void commit() {
      if (assignment.hasProgress()) {
        latest = assignment.commit();
        assignment.committed();
        committedDone.addAll(done);
      }
    }

    private String modelOf(ConsumerRecord<byte[], byte[]> record) {
      return new String(record.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void ended(Delivery delivery, Ending ending) {}

    @Override
    public void fail(Throwable cause) {}
  }
}
