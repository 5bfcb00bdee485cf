package io.millrace.workers.offset;

import java.util.Arrays;

/** Integers of variable length: seven bits to the byte, least first, the top bit says "more". */
final class VarInts {

  private static final int MORE = 0x80;
  private static final int BITS = 0x7f;

  private VarInts() {}

  /** How many bytes a value of at least 0 takes. */
  static int length(long value) {
    int length = 1;
    for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
      length++;
    }
    return length;
  }

  /** Collects bytes. */
  static final class Writer {

    private byte[] buffer;
    private int size;

    Writer(int capacity) {
      buffer = new byte[capacity];
    }

    void write(int value) {
      reserve(5);
      int rest = value;
      while ((rest & ~BITS) != 0) {
        buffer[size++] = (byte) ((rest & BITS) | MORE);
        rest >>>= 7;
      }
      buffer[size++] = (byte) rest;
    }

    void write(byte[] bytes) {
      reserve(bytes.length);
      System.arraycopy(bytes, 0, buffer, size, bytes.length);
      size += bytes.length;
    }

    byte[] bytes() {
      return Arrays.copyOf(buffer, size);
    }

    private void reserve(int count) {
      if (buffer.length - size < count) {
        buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + count));
      }
    }
  }

  /** Reads bytes in order. */
  static final class Reader {

    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean isAtEnd() {
      return at == bytes.length;
    }

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException when the bytes end early or the value is above the bound
     */
    int read(int max) {
      long value = 0;
      for (int shift = 0; shift < 35; shift += 7) {
        if (isAtEnd()) {
          throw new IllegalArgumentException("the bytes end within a number");
        }
        byte next = bytes[at++];
        value |= (long) (next & BITS) << shift;
        if ((next & MORE) == 0) {
          return bounded(value, max);
        }
      }
      throw new IllegalArgumentException("a number is longer than five bytes");
    }

    byte[] rest() {
      return Arrays.copyOfRange(bytes, at, bytes.length);
    }

    private static int bounded(long value, int max) {
      if (value > max) {
        throw new IllegalArgumentException(value + " is above " + max);
      }
      return (int) value;
    }
  }
}
