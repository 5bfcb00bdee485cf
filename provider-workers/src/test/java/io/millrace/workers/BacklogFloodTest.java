package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.Backlog.Waiting;
import io.millrace.workers.offset.Commit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Floods that are longer than what is held, in one partition, with a tenant behind them. */
class BacklogFloodTest {

  private static final int POLL = 500;
  private static final int BEGUN_EACH_TURN = 5;

  private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
  private final List<String> begun = new ArrayList<>();
  private final Backlog backlog = new Backlog(new ReadAhead(), new Postponed());
  private final InFlightLimit limit = new InFlightLimit(1_000_000, 0);
  private final Assignment assignment =
      new Assignment(new TopicPartition("t", 0), Lane.BATCH, new Commit(0, ""), limit, 65_536);
  private int mostWaiting;

  @Test
  void shouldReachATenantBehindAFloodOnceItIsRead() {
    add("flood", 60_000);
    add("small", 100);
    int whenRead = run();
    assertThat(whenRead).isLessThan(1_000);
    assertThat(begun.lastIndexOf("small")).isLessThan(whenRead + 2 * 100 + BEGUN_EACH_TURN);
    assertAllWasBegun();
  }

  @Test
  void shouldShareAmongFloodsAndWhatComesLast() {
    add("flood", 30_000);
    add("second", 30_000);
    for (int i = 0; i < 50; i++) {
      add("flood", 20);
      add("small", 1);
    }
    int whenRead = run();
    assertThat(begun.lastIndexOf("small")).isLessThan(whenRead + 3 * 50 + BEGUN_EACH_TURN);
    List<String> both = begun.subList(whenRead + 200, 40_000);
    assertThat(both.stream().filter("second"::equals).count())
        .isBetween((long) (both.size() * 0.45), (long) (both.size() * 0.55));
    assertAllWasBegun();
  }

  @Test
  void shouldHoldNoMoreOfAFloodThanThereIsRoom() {
    add("flood", 25_000);
    run();
    assertThat(mostWaiting).isLessThanOrEqualTo(ReadAhead.MAX_RECORDS);
    assertAllWasBegun();
  }

  @Test
  void shouldNotReadAgainWhatFits() {
    add("flood", ReadAhead.MAX_RECORDS);
    for (int next = 0; next < log.size(); next += POLL) {
      read(next, next + POLL);
      assertThat(backlog.hold()).isZero();
    }
    assertThat(backlog.waiting(Lane.BATCH)).isEqualTo(log.size());
    assertThat(backlog.behind(Lane.BATCH)).isZero();
  }

  private void assertAllWasBegun() {
    assertThat(begun).hasSameSizeAs(log);
    assertThat(assignment.hasProgress()).isTrue();
    assertThat(assignment.commit()).isEqualTo(new Commit(log.getLast().offset() + 1, ""));
  }

  private void add(String tenant, int count) {
    for (int i = 0; i < count; i++) {
      // Every five hundredth offset is a transaction's marker.
      long offset = log.size() + log.size() / 500;
      byte[] key = (tenant + "/r").getBytes(StandardCharsets.UTF_8);
      log.add(new ConsumerRecord<>("t", 0, offset, key, new byte[10]));
    }
  }

  /** Runs until all is begun; says how many had been when all was read. */
  private int run() {
    ReadAgain again = new ReadAgain(log);
    int next = 0;
    int whenRead = -1;
    int turns = 0;
    while (begun.size() < log.size()) {
      assertThat(turns++).as("it comes to an end").isLessThan(log.size());
      int to = Math.min(log.size(), next + POLL);
      if (to > next && backlog.wantsMore(assignment)) {
        read(next, to);
        next = to;
      }
      again.turn(backlog, POLL);
      assertThat(backlog.hold()).isZero();
      mostWaiting = Math.max(mostWaiting, backlog.waiting(Lane.BATCH));
      if (next == log.size() && whenRead < 0) {
        whenRead = begun.size();
      }
      beginSome();
    }
    return whenRead;
  }

  private void read(int from, int to) {
    assignment.add(log.subList(from, to));
    backlog.read(assignment);
    assignment.readTo(log.get(to - 1).offset() + 1);
  }

  private void beginSome() {
    for (int i = 0; i < BEGUN_EACH_TURN; i++) {
      Waiting next = backlog.next(limit::tryTake);
      if (next != null) {
        begun.add(next.tenant());
        next.assignment().begun();
        next.assignment().ended(next.record().offset(), true);
      }
    }
  }
}
