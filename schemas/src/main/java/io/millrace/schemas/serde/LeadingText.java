package io.millrace.schemas.serde;

import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistryException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Tells by the first field of a record, where that is a text, whether the rest is worth decoding.
 * Most events are of one type that most readers do not want. Thread-safe.
 */
public final class LeadingText {

  private static final int MORE = 0x80;
  private static final int BITS = 7;

  private final SchemaRegistry registry;
  private final String field;
  private final Set<Wanted> wanted;

  /** The schema that was looked at last: a topic seldom has two. */
  private volatile @Nullable Known latest;

  /**
   * Whether a writer's schema begins with the field.
   *
   * @param id of the schema
   */
  private record Known(int id, boolean leads) {}

  /** A text, as Avro writes it: its length, doubled, and UTF-8. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Wanted(byte[] bytes) {
    boolean is(byte[] frame, int from, int to) {
      return Arrays.equals(bytes, 0, bytes.length, frame, from, to);
    }
  }

  /**
   * Looks for texts in a field.
   *
   * @param registry asked once for the schema of a frame
   * @param field the first field's name
   * @param wanted the texts
   */
  public LeadingText(SchemaRegistry registry, String field, Set<String> wanted) {
    this.registry = registry;
    this.field = field;
    this.wanted =
        wanted.stream()
            .map(text -> new Wanted(text.getBytes(StandardCharsets.UTF_8)))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether a value may have one of the texts there: false only where it surely has not. What
   * cannot be told, bytes that are no frame included, is worth decoding; that says what is wrong.
   *
   * @throws SchemaRegistryException when the registry is away
   */
  public boolean mayBe(byte[] frame) {
    if (frame.length <= WireFormat.HEADER_BYTES
        || frame[0] != WireFormat.MAGIC
        || !leads(WireFormat.idOf(frame))) {
      return true;
    }
    int length = 0;
    int at = WireFormat.HEADER_BYTES;
    for (int shift = 0; ; shift += BITS, at++) {
      // Longer than 2^20 bytes is no text of ours.
      if (at == frame.length || shift > 2 * BITS) {
        return true;
      }
      length |= (frame[at] & (MORE - 1)) << shift;
      if ((frame[at] & MORE) == 0) {
        break;
      }
    }
    int from = at + 1;
    int to = from + (length >>> 1);
    // An odd number is a negative length.
    if ((length & 1) != 0 || to > frame.length) {
      return true;
    }
    for (Wanted text : wanted) {
      if (text.is(frame, from, to)) {
        return true;
      }
    }
    return false;
  }

  private boolean leads(int id) {
    Known known = latest;
    if (known == null || known.id() != id) {
      known = new Known(id, leadsIn(id));
      latest = known;
    }
    return known.leads();
  }

  private boolean leadsIn(int id) {
    try {
      Schema writer = registry.schemaOf(id);
      return writer.getType() == Schema.Type.RECORD
          && !writer.getFields().isEmpty()
          && writer.getFields().getFirst().name().equals(field)
          && writer.getFields().getFirst().schema().getType() == Schema.Type.STRING;
    } catch (SchemaRegistryException e) {
      if (e.notFound() || e.errorCode() == SchemaRegistryException.NOT_AVRO) {
        return false;
      }
      throw e;
    }
  }
}
