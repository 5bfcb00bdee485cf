package io.millrace.stages.hooks.state;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes compact bytes: whole numbers with as many bytes as they need. Used by one thread. */
public final class StateWriter {

  private static final int MORE = 0x80;
  private static final int BITS = 7;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

  /** A number that is seldom negative: 1 byte below 128, 10 bytes for a negative one. */
  public StateWriter number(long value) {
    long rest = value;
    while ((rest & -MORE) != 0) {
      bytes.write((int) (rest & (MORE - 1)) | MORE);
      rest >>>= BITS;
    }
    bytes.write((int) rest);
    return this;
  }

  /** A number of which also small negative ones take few bytes: 1 byte from -64 to 63. */
  public StateWriter signed(long value) {
    return number((value << 1) ^ (value >> (Long.SIZE - 1)));
  }

  /** A text with its length in front. */
  public StateWriter text(String value) {
    return raw(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A text, or that there is none. */
  public StateWriter nullable(@Nullable String value) {
    if (value == null) {
      return number(0);
    }
    return number(1).text(value);
  }

  /** Bytes with their length in front. */
  public StateWriter raw(byte[] value) {
    number(value.length);
    bytes.writeBytes(value);
    return this;
  }

  /** As many values as there are, each written by the caller, with a byte at least. */
  public <T> StateWriter list(Collection<T> values, Consumer<T> each) {
    number(values.size());
    values.forEach(each);
    return this;
  }

  /** In the order of the names, so that equal maps are equal bytes. */
  public StateWriter map(Map<String, String> values) {
    number(values.size());
    new TreeMap<>(values).forEach((name, value) -> text(name).text(value));
    return this;
  }

  /** What was written so far. */
  public byte[] toBytes() {
    return bytes.toByteArray();
  }
}
