package io.millrace.stages.hooks.ratelimit;

/** Reads what {@link StateWriter} wrote. */
final class StateReader {

  private final byte[] bytes;
  private int position = 2;
  private final long periodMillis;

  /**
   * Begins after version, algorithm and period.
   *
   * @throws IllegalStateException for a version that a newer Millrace wrote
   */
  StateReader(byte[] bytes) {
    this.bytes = bytes;
    if (bytes.length < 3 || bytes[0] != StateWriter.VERSION) {
      throw new IllegalStateException(
          "the state of a limit has version "
              + (bytes.length == 0 ? "none" : bytes[0])
              + "; this Millrace reads version "
              + StateWriter.VERSION);
    }
    periodMillis = number();
  }

  /** Whether it is of this algorithm and period; under another one it says nothing. */
  boolean isOf(Algorithm algorithm, Rate rate) {
    return bytes[1] == algorithm.ordinal() && periodMillis == rate.periodMillis();
  }

  long number() {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = bytes[position++];
      value |= (long) (next & 0x7F) << shift;
      shift += 7;
    } while (next < 0);
    return (value >>> 1) ^ -(value & 1);
  }
}
