package io.millrace.workers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only where somebody sleeps or a test says so. For one thread. */
final class FakeTime implements TimeSource {

  /** When it starts. */
  static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  private final List<Duration> sleeps = new ArrayList<>();
  private Instant now = START;
  private Duration setBack = Duration.ZERO;

  @Override
  public Instant now() {
    return now.minus(setBack);
  }

  @Override
  public long nanoTime() {
    return Duration.between(START, now).toNanos();
  }

  @Override
  public void sleep(Duration duration) {
    sleeps.add(duration);
    pass(duration);
  }

  /** Lets time pass. */
  void pass(Duration duration) {
    now = now.plus(duration);
  }

  /** Sets the time of day back, as an operator or a time server may. */
  void setBack(Duration by) {
    setBack = setBack.plus(by);
  }

  /** Every sleep so far. */
  List<Duration> sleeps() {
    return sleeps;
  }
}
