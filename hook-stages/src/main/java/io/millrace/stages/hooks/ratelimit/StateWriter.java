package io.millrace.stages.hooks.ratelimit;

import java.io.ByteArrayOutputStream;

/** Writes a limiter's state: version, algorithm and period, then numbers of variable length. */
final class StateWriter {

  static final int VERSION = 1;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(48);

  StateWriter(Algorithm algorithm, Rate rate) {
    out.write(VERSION);
    out.write(algorithm.ordinal());
    number(rate.periodMillis());
  }

  /** Any number; small ones, also negative, take few bytes. */
  StateWriter number(long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
