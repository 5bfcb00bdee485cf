package io.millrace.stages.hooks.ratelimit;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps everything that was taken and not given back, and says from that alone whether a limit was
 * held. Slow and plain.
 */
final class Oracle {

  private final Algorithm algorithm;
  private final Rate rate;
  private final List<long[]> takes = new ArrayList<>();
  private long latestMillis = Long.MIN_VALUE;

  Oracle(Algorithm algorithm, Rate rate) {
    this.algorithm = algorithm;
    this.rate = rate;
  }

  /** Somebody asked; time that goes back stands still. */
  void observe(long nowMillis) {
    latestMillis = Math.max(latestMillis, nowMillis);
  }

  /** The latest time that anybody asked at. */
  long latestMillis() {
    return latestMillis;
  }

  /** Something was taken. */
  int take(long amount) {
    takes.add(new long[] {latestMillis, amount});
    return takes.size() - 1;
  }

  void giveBack(int which, long amount) {
    takes.get(which)[1] -= amount;
  }

  long takenAt(int which) {
    return takes.get(which)[0];
  }

  long amount(int which) {
    return takes.get(which)[1];
  }

  /** What is wrong with the latest take, or nothing. */
  String violation() {
    return switch (algorithm) {
      case TOKEN_BUCKET -> bucketViolation();
      case SLIDING_WINDOW -> windowViolation(latestMillis - rate.periodMillis() + 1);
      case FIXED_WINDOW ->
          windowViolation(latestMillis - Math.floorMod(latestMillis, rate.periodMillis()));
    };
  }

  /** For every interval that ends now: at most burst + rate × length. */
  private String bucketViolation() {
    long sum = 0;
    for (int i = takes.size() - 1; i >= 0; i--) {
      sum += takes.get(i)[1];
      long millis = latestMillis - takes.get(i)[0];
      long allowed = rate.burst() * rate.periodMillis() + millis * rate.limit();
      if (sum * rate.periodMillis() > allowed) {
        return "%d in %d ms".formatted(sum, millis);
      }
    }
    return "";
  }

  private String windowViolation(long fromMillis) {
    long sum = 0;
    for (int i = takes.size() - 1; i >= 0 && takes.get(i)[0] >= fromMillis; i--) {
      sum += takes.get(i)[1];
    }
    return sum <= rate.limit() ? "" : sum + " in one window";
  }
}
