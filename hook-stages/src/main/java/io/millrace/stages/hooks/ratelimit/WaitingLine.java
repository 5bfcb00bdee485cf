package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.KeyedState;
import io.millrace.stages.hooks.quota.StateSweep;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Who waits at which limiter, in what order. Tenants take turns by start-time fair queueing (Goyal,
 * Vin and Cheng, 1996): each request that has to wait gets the tag max(virtual time, end of its
 * tenant's latest), and ends at its tag plus the share of the limit it asks for; lower tags go
 * first, and virtual time is the tag of whoever went last. Within a tenant that is first come,
 * first served.
 *
 * <p>An entry says until when it counts: its deadline, or a while after it should have asked again;
 * who is gone for another reason does not hold up the others for long. One that is late keeps its
 * ticket. Used by one thread.
 */
final class WaitingLine {

  /** How much later than it was due somebody who waits still has its place. */
  static final Duration GRACE = Duration.ofSeconds(5);

  /** The most entries that are looked at for one answer; a longer line counts as this long. */
  static final int MAX_LOOK = 128;

  /** The most that wait for one limiter. */
  static final int MAX_WAITING = 10_000;

  /** The share of a limit in virtual time: a millionth each. */
  private static final long WHOLE = 1_000_000;

  private static final String CLOCK_KEY = "line";
  private static final String FLOW_PREFIX = "f/";
  private static final StateSweep SWEEP = new StateSweep(FLOW_PREFIX, "sweep/f");

  private final KeyedState state;
  private final long nowMillis;

  WaitingLine(KeyedState state, long nowMillis) {
    this.state = state;
    this.nowMillis = nowMillis;
  }

  /**
   * Those before a place.
   *
   * @param count how many
   * @param amount how much they ask for
   */
  record Ahead(int count, long amount) {
    static final Ahead NOBODY = new Ahead(0, 0);
  }

  /**
   * Who is before a ticket at a limiter; drops those who are gone.
   *
   * @param ticket asked for only where somebody waits
   */
  Ahead ahead(Bucket bucket, Supplier<Ticket> ticket) {
    if (bucket.waiting() == 0) {
      return Ahead.NOBODY;
    }
    String line = lineOf(bucket);
    int count = 0;
    long amount = 0;
    int gone = 0;
    for (KeyedState.Entry entry : state.range(line, line + ticket.get().text(), MAX_LOOK)) {
      Entry waiting = Entry.of(entry.value());
      if (waiting.counts(nowMillis)) {
        count++;
        amount += waiting.amount();
      } else {
        state.delete(entry.key());
        gone++;
      }
    }
    if (gone > 0) {
      bucket.setWaiting(bucket.waiting() - gone);
    }
    return new Ahead(count, amount);
  }

  /** The place that a request of this tenant would get now. */
  Ticket next(String tenant) {
    ByteBuffer clock = clock();
    long virtual = clock.getLong();
    return new Ticket(Math.max(virtual, endOf(tenant)), clock.getLong());
  }

  /** Gives a place away for good: the next one is another. */
  void issue(Ticket ticket, String tenant, long share) {
    putClock(virtual(), ticket.number() + 1);
    boolean fresh = state.get(FLOW_PREFIX + tenant) == null;
    state.put(FLOW_PREFIX + tenant, longBytes(ticket.tag() + Math.clamp(share, 1, WHOLE)));
    if (fresh) {
      long virtual = virtual();
      SWEEP.step(state, entry -> ByteBuffer.wrap(entry.value()).getLong() <= virtual);
    }
  }

  /** Has one wait at a limiter, or says how long it goes on to wait. */
  void wait(Bucket bucket, Ticket ticket, long amount, long dueMillis, long deadlineMillis) {
    String key = lineOf(bucket) + ticket.text();
    if (state.get(key) == null) {
      bucket.setWaiting(bucket.waiting() + 1);
      dropSomeWhoAreGone(bucket);
    }
    long until = Math.min(deadlineMillis, dueMillis + GRACE.toMillis());
    state.put(key, new Entry(amount, until).bytes());
  }

  /**
   * Those for whom there was no room to be parked never come back, and nobody says so. Each that
   * comes looks at a few, so that they cannot pile up behind others.
   */
  private void dropSomeWhoAreGone(Bucket bucket) {
    String line = lineOf(bucket);
    int[] gone = {0};
    new StateSweep(line, line + '\u007f', "sweep/w/" + bucket.name())
        .step(
            state,
            entry -> {
              boolean isGone = !Entry.of(entry.value()).counts(nowMillis);
              gone[0] += isGone ? 1 : 0;
              return isGone;
            });
    bucket.setWaiting(bucket.waiting() - gone[0]);
  }

  /** Ends somebody's wait at a limiter, if it waits there. */
  void leave(Bucket bucket, Ticket ticket) {
    String key = lineOf(bucket) + ticket.text();
    if (bucket.waiting() > 0 && state.get(key) != null) {
      state.delete(key);
      bucket.setWaiting(bucket.waiting() - 1);
    }
  }

  /** Somebody who waited goes on: virtual time has come to its tag. */
  void served(Ticket ticket) {
    ByteBuffer clock = clock();
    if (ticket.tag() > clock.getLong()) {
      putClock(ticket.tag(), clock.getLong());
    }
  }

  /** What an amount is of all that a limiter holds, in virtual time. */
  static long share(long amount, long capacity) {
    return Math.clamp(amount * WHOLE / capacity, 1, WHOLE);
  }

  private long endOf(String tenant) {
    byte[] end = state.get(FLOW_PREFIX + tenant);
    return end == null ? 0 : ByteBuffer.wrap(end).getLong();
  }

  private long virtual() {
    return clock().getLong();
  }

  private ByteBuffer clock() {
    byte[] clock = state.get(CLOCK_KEY);
    return ByteBuffer.wrap(clock == null ? new byte[2 * Long.BYTES] : clock);
  }

  private void putClock(long virtual, long nextNumber) {
    state.put(
        CLOCK_KEY,
        ByteBuffer.allocate(2 * Long.BYTES).putLong(virtual).putLong(nextNumber).array());
  }

  private static byte[] longBytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static String lineOf(Bucket bucket) {
    return "w/" + bucket.name() + '\u0001';
  }

  /**
   * Somebody who waits.
   *
   * @param amount how much it asks for
   * @param untilMillis until when it counts
   */
  private record Entry(long amount, long untilMillis) {

    boolean counts(long nowMillis) {
      return nowMillis < untilMillis;
    }

    byte[] bytes() {
      return ByteBuffer.allocate(2 * Long.BYTES).putLong(amount).putLong(untilMillis).array();
    }

    static Entry of(byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new Entry(buffer.getLong(), buffer.getLong());
    }
  }
}
