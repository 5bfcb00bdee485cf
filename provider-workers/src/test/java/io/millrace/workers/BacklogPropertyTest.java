package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.Backlog.Waiting;
import io.millrace.workers.offset.Commit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.RepeatedTest;

/**
 * One partition's records, begun by turns and ended in any order, left in the topic and read again,
 * under owners that come and go, with records that vanish: every record that does not is done in
 * the end, none is begun twice by an owner, or again once its end was committed, and each tenant's
 * are begun in order.
 */
class BacklogPropertyTest {

  private static final int MAX_IN_FLIGHT = 7;
  private static final int STEPS = 4_000;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final List<ConsumerRecord<byte[], byte[]>> log = log();
  private final int metadata = List.of(64, 104, 4_096).get(random.nextInt(3));
  private final Set<Long> vanished = new HashSet<>();
  private final Set<Long> done = new HashSet<>();
  private final Set<Long> committedDone = new HashSet<>();
  private Owner owner = new Owner(new Commit(0, ""));

  @RepeatedTest(20)
  void shouldDoEveryRecordAndNoneAgainThatWasCommitted() {
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(20)) {
        case 0 -> owner = random.nextBoolean() ? owner.handOver() : owner.die();
        case 1, 2 -> owner.commit();
        case 3, 4, 5 -> owner.read();
        case 6 -> vanish();
        case 7, 8, 9, 10 -> owner.begin();
        default -> owner.endOne(random.nextInt(4) > 0);
      }
    }
    int rounds = 0;
    while (owner.lowWaterMark() < end()) {
      assertThat(rounds++).as("it comes to an end, seed %d", seed).isLessThan(10 * log.size());
      owner.finishSome();
    }
    assertThat(owner.lowWaterMark()).as("seed %d", seed).isEqualTo(end());
    assertThat(done)
        .as("seed %d", seed)
        .containsAll(log.stream().map(ConsumerRecord::offset).toList());
    assertThat(done.size() + vanished.size()).isGreaterThanOrEqualTo(400);
  }

  /** Retention or compaction takes a record away, seldom several; not the last one. */
  private void vanish() {
    int count = random.nextInt(40) == 0 ? 1 + random.nextInt(20) : random.nextInt(2);
    for (int i = 0; i < count && log.size() > 100; i++) {
      int index = random.nextInt(2) * random.nextInt(log.size() - 1);
      vanished.add(log.get(index).offset());
      owner.vanishes(index);
      log.remove(index);
    }
  }

  private long end() {
    return log.getLast().offset() + 1;
  }

  private List<ConsumerRecord<byte[], byte[]>> log() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long offset = 0;
    for (int i = 0; i < 400; i++) {
      offset += random.nextInt(10) == 0 ? 1 + random.nextInt(3) : 1; // gaps: markers
      String tenant = random.nextInt(3) > 0 ? "flood" : "t" + random.nextInt(4);
      byte[] key = (tenant + "/" + i).getBytes(StandardCharsets.UTF_8);
      records.add(new ConsumerRecord<>("t", 0, offset - 1, key, new byte[10]));
    }
    return records;
  }

  /** A worker while it has the partition. */
  private final class Owner {

    private final InFlightLimit limit = new InFlightLimit(MAX_IN_FLIGHT, 0);
    private final Backlog backlog =
        new Backlog(new ReadAhead(1 + random.nextInt(40), 10_000), new Postponed());
    private final List<Long> running = new ArrayList<>();
    private final Set<Long> endedDone = new HashSet<>();
    private final Assignment assignment;
    private final ReadAgain again = new ReadAgain(log);
    private final Map<String, Long> lastOfTenant = new HashMap<>();
    private final Set<Long> begunOffsets = new HashSet<>();
    private Commit latest;
    private int next;

    Owner(Commit from) {
      this.latest = from;
      this.assignment =
          new Assignment(new TopicPartition("t", 0), Lane.BATCH, from, limit, metadata);
      while (next < log.size() && log.get(next).offset() < from.offset()) {
        next++;
      }
    }

    void read() {
      if (!backlog.wantsMore(assignment)) {
        return;
      }
      int to = Math.min(log.size(), next + 1 + random.nextInt(30));
      if (to > next) {
        assignment.add(List.copyOf(log.subList(next, to)));
        backlog.read(assignment);
        next = to;
        assignment.readTo(log.get(to - 1).offset() + 1);
      }
    }

    void begin() {
      if (random.nextInt(3) > 0) {
        again.turn(backlog, 1 + random.nextInt(30));
      }
      var unused = backlog.hold();
      Waiting waiting = backlog.next(limit::tryTake);
      if (waiting != null) {
        waiting.assignment().begun();
        long offset = waiting.record().offset();
        assertThat(committedDone).as("seed %d", seed).doesNotContain(offset);
        assertThat(begunOffsets.add(offset)).as("once, seed %d", seed).isTrue();
        Long before = lastOfTenant.put(waiting.tenant(), offset);
        assertThat(before == null || before < offset).as("in order, seed %d", seed).isTrue();
        running.add(offset);
        assertThat(limit.taken()).isLessThanOrEqualTo(MAX_IN_FLIGHT);
      }
    }

    void endOne(boolean well) {
      if (running.isEmpty()) {
        return;
      }
      long offset = running.remove(random.nextInt(running.size()));
      // Not done happens only when a worker stops: the record stays open until the next owner.
      if (well) {
        assignment.ended(offset, true);
        done.add(offset);
        endedDone.add(offset);
      } else {
        running.add(offset);
      }
    }

    void commit() {
      if (assignment.hasProgress()) {
        latest = assignment.commit();
        assertThat(latest.metadata().length()).as("seed %d", seed).isLessThanOrEqualTo(metadata);
        assignment.committed();
        committedDone.addAll(endedDone);
      }
    }

    /** A record is gone that may have been read before. */
    void vanishes(int index) {
      if (index < next) {
        next--;
      }
    }

    /** Gives the partition away in good order; calls that run are cut off. */
    Owner handOver() {
      backlog.forget(assignment);
      assignment.stopTaking();
      running.forEach(offset -> assignment.ended(offset, false));
      commit();
      assignment.leave();
      assertThat(limit.taken()).as("seed %d", seed).isZero();
      return new Owner(latest);
    }

    /** Is killed: what was not committed is repeated. */
    Owner die() {
      return new Owner(latest);
    }

    void finishSome() {
      read();
      begin();
      endOne(true);
      commit();
    }

    long lowWaterMark() {
      return latest.offset();
    }
  }
}
