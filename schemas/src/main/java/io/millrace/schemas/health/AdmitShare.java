package io.millrace.schemas.health;

/**
 * Which exchanges pass while a model recovers and takes only a share of its traffic. Every instance
 * and every role comes to the same answer for the same exchange, so what routing lets through is
 * not thinned out again by a worker.
 */
public final class AdmitShare {

  private static final double RANGE = 0x1p32;

  private AdmitShare() {}

  /** Where an exchange stands among all, from 0 inclusive to 1 exclusive, evenly spread. */
  public static double place(String exchangeId) {
    // The finaliser of MurmurHash3: ids that count up differ in the lowest bits only.
    int hash = exchangeId.hashCode();
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return Integer.toUnsignedLong(hash ^ (hash >>> 16)) / RANGE;
  }

  /** Whether an exchange passes at this share, 0 to 1. */
  public static boolean admits(String exchangeId, double share) {
    return place(exchangeId) < share;
  }
}
