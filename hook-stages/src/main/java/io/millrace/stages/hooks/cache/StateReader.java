package io.millrace.stages.hooks.cache;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads what {@link StateWriter} wrote. Used by one thread. */
final class StateReader {

  private static final int MORE = 0x80;
  private static final int BITS = 7;

  private final byte[] bytes;
  private int position;

  StateReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The bytes are not what this version writes. */
  static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
      super(message);
    }
  }

  long number() {
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

  int int32() {
    long value = number();
    if (value != (int) value) {
      throw new UnreadableException("a number is too large at " + position);
    }
    return (int) value;
  }

  String text() {
    int length = length();
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  @Nullable String nullable() {
    return number() == 0 ? null : text();
  }

  byte[] raw() {
    int length = length();
    byte[] value = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return value;
  }

  <T> List<T> list(Supplier<T> each) {
    int size = length();
    List<T> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(each.get());
    }
    return values;
  }

  Map<String, String> map() {
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
