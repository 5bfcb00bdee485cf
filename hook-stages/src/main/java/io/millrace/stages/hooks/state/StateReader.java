package io.millrace.stages.hooks.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link StateWriter} wrote. Whatever the bytes are, it ends with values or an {@link
 * UnreadableException}, and takes no more memory than a small multiple of their length. Used by one
 * thread.
 */
public final class StateReader {

  private static final int MORE = 0x80;
  private static final int BITS = 7;

  private final byte[] bytes;
  private int position;

  /** Begins at the first byte; the bytes must not change meanwhile. */
  public StateReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The bytes are not what this version writes. */
  public static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong with them. */
    public UnreadableException(String message) {
      super(message);
    }
  }

  /**
   * Reads the version in front of a state.
   *
   * @param what whose state it is, for the message
   * @param known the version that is read
   * @throws IllegalStateException for another one, such as a newer Millrace writes
   */
  public StateReader requireVersion(String what, long known) {
    long version = number();
    if (version != known) {
      throw new IllegalStateException(
          "the state of "
              + what
              + " has version "
              + version
              + "; this Millrace reads version "
              + known);
    }
    return this;
  }

  /** A number that {@link StateWriter#number} wrote. */
  public long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += BITS) {
      byte next = next();
      value |= (long) (next & (MORE - 1)) << shift;
      if ((next & MORE) == 0) {
        return value;
      }
    }
    throw new UnreadableException("a number has too many bytes at " + position);
  }

  /** A number that {@link StateWriter#signed} wrote. */
  public long signed() {
    long value = number();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A number of 32 bits. */
  public int int32() {
    long value = number();
    if (value != (int) value) {
      throw new UnreadableException("a number is too large at " + position);
    }
    return (int) value;
  }

  /** A text. */
  public String text() {
    int length = length();
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  /** A text, or null. */
  public @Nullable String nullable() {
    return number() == 0 ? null : text();
  }

  /** Bytes, copied. */
  public byte[] raw() {
    int length = length();
    byte[] value = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return value;
  }

  /** A list, each value read by the caller; it can be changed. */
  public <T> List<T> list(Supplier<T> each) {
    int size = length();
    List<T> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(each.get());
    }
    return values;
  }

  /** A map of texts; it can be changed. */
  public Map<String, String> map() {
    int size = length();
    Map<String, String> values = HashMap.newHashMap(size);
    for (int i = 0; i < size; i++) {
      values.put(text(), text());
    }
    return values;
  }

  /** Every element has a byte at least, so no length is more than what is left. */
  private int length() {
    long length = number();
    if (length < 0 || length > bytes.length - position) {
      throw new UnreadableException("there are not " + length + " bytes at " + position);
    }
    return (int) length;
  }

  private byte next() {
    if (position == bytes.length) {
      throw new UnreadableException("the bytes end at " + position);
    }
    return bytes[position++];
  }
}
