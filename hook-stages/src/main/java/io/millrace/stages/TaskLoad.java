package io.millrace.stages;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one task of a stage has to do, and which exchanges are open in it. Changed by the task's
 * thread alone, in memory, so an exchange costs it no lock and no store; read by anybody, a tick
 * late. A task that is opened anew counts anew what its ledger has.
 */
final class TaskLoad {

  /** Ages are told apart by this much, so that ordering them costs next to nothing. */
  private static final long BUCKET_MILLIS = 128;

  /** The share of the latest delay in the smoothed one is 1 by this. */
  private static final int SMOOTHING = 8;

  /** Without arrivals the delay halves in this time. */
  private static final long HALF_LIFE_MILLIS = 1_000;

  /** Nobody waited longer than this, whatever a wrong clock says. */
  private static final long MAX_DELAY_MILLIS = Duration.ofDays(1).toMillis();

  /** In the place of a bucket: the exchange is open and waits at a hook. */
  private static final long AT_REST = Long.MIN_VALUE;

  private final Map<String, Long> bucketByExchange = new HashMap<>();
  private final TreeMap<Long, Integer> countByBucket = new TreeMap<>();
  private long underWay;
  private double delayMillis;
  private long delayAtMillis;
  private volatile Published published = Published.NOTHING;

  /**
   * What others see.
   *
   * @param delayMillis smoothed delay of requests, as of {@code delayAtMillis}
   * @param delayAtMillis when the latest one came
   * @param open exchanges under way
   * @param oldestMillis when the oldest of them was accepted, or {@link Long#MAX_VALUE}
   */
  private record Published(double delayMillis, long delayAtMillis, long open, long oldestMillis) {
    static final Published NOTHING = new Published(0, 0, 0, Long.MAX_VALUE);
  }

  /** A request came that was accepted then. */
  void arrived(long acceptedAtMillis, long nowMillis) {
    long delay = Math.clamp(nowMillis - acceptedAtMillis, 0, MAX_DELAY_MILLIS);
    double former = decayed(delayMillis, delayAtMillis, nowMillis);
    delayMillis = former + (delay - former) / SMOOTHING;
    delayAtMillis = nowMillis;
  }

  /** The exchange is under way; does nothing where it is already. */
  void underWay(String exchangeId, long acceptedAtMillis) {
    long bucket = Math.floorDiv(acceptedAtMillis, BUCKET_MILLIS);
    Long former = bucketByExchange.putIfAbsent(exchangeId, bucket);
    if (former == null || former == AT_REST) {
      bucketByExchange.put(exchangeId, bucket);
      countByBucket.merge(bucket, 1, Integer::sum);
      underWay++;
    }
  }

  /** The exchange is open and waits at a hook. */
  void atRest(String exchangeId) {
    discount(bucketByExchange.put(exchangeId, AT_REST));
  }

  /** The exchange is open no longer. */
  void ended(String exchangeId) {
    discount(bucketByExchange.remove(exchangeId));
  }

  /** Whether the exchange is open: under way, or at rest. */
  boolean isOpen(String exchangeId) {
    return bucketByExchange.containsKey(exchangeId);
  }

  private void discount(@Nullable Long bucket) {
    if (bucket != null && bucket != AT_REST) {
      countByBucket.computeIfPresent(bucket, (key, count) -> count == 1 ? null : count - 1);
      underWay--;
    }
  }

  /** Forgets what is under way, to be told again. */
  void clear() {
    bucketByExchange.clear();
    countByBucket.clear();
    underWay = 0;
  }

  /** Lets others see the figures. */
  void publish() {
    published =
        new Published(
            delayMillis,
            delayAtMillis,
            underWay,
            countByBucket.isEmpty() ? Long.MAX_VALUE : countByBucket.firstKey() * BUCKET_MILLIS);
  }

  /** Smoothed delay of requests, in milliseconds; less and less where none come. */
  double delayMillisAt(long nowMillis) {
    Published seen = published;
    return decayed(seen.delayMillis(), seen.delayAtMillis(), nowMillis);
  }

  long open() {
    return published.open();
  }

  /** How long ago the oldest exchange under way was accepted, in milliseconds; 0 without one. */
  long oldestMillisAt(long nowMillis) {
    long oldest = published.oldestMillis();
    return oldest == Long.MAX_VALUE ? 0 : Math.max(0, nowMillis - oldest);
  }

  private static double decayed(double value, long atMillis, long nowMillis) {
    long idle = nowMillis - atMillis - HALF_LIFE_MILLIS;
    return idle <= 0 || value == 0
        ? value
        : value * Math.pow(0.5, (double) idle / HALF_LIFE_MILLIS);
  }
}
