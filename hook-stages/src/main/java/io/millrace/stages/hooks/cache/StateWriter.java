package io.millrace.stages.hooks.cache;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes compact bytes: whole numbers with as many bytes as they need. Used by one thread. */
final class StateWriter {

  private static final int MORE = 0x80;
  private static final int BITS = 7;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

  StateWriter number(long value) {
    long rest = value;
    while ((rest & -MORE) != 0) {
      bytes.write((int) (rest & (MORE - 1)) | MORE);
      rest >>>= BITS;
    }
    bytes.write((int) rest);
    return this;
  }

  StateWriter text(String value) {
    return raw(value.getBytes(StandardCharsets.UTF_8));
  }

  StateWriter nullable(@Nullable String value) {
    if (value == null) {
      return number(0);
    }
    return number(1).text(value);
  }

  /** Bytes with their length in front. */
  StateWriter raw(byte[] value) {
    number(value.length);
    bytes.writeBytes(value);
    return this;
  }

  <T> StateWriter list(Collection<T> values, Consumer<T> each) {
    number(values.size());
    values.forEach(each);
    return this;
  }

  /** In the order of the names, so that equal maps are equal bytes. */
  StateWriter map(Map<String, String> values) {
    number(values.size());
    new TreeMap<>(values).forEach((name, value) -> text(name).text(value));
    return this;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
