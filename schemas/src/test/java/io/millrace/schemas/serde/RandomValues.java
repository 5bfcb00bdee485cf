package io.millrace.schemas.serde;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/** Values that fit a schema and are otherwise up to chance; small enough to make many. */
final class RandomValues {

  private final RandomGenerator random;

  RandomValues(RandomGenerator random) {
    this.random = random;
  }

  @Nullable Object of(Schema schema) {
    return of(schema, 6);
  }

  private @Nullable Object of(Schema schema, int depth) {
    return switch (schema.getType()) {
      case RECORD -> record(schema, depth);
      case ENUM ->
          new GenericData.EnumSymbol(
              schema, schema.getEnumSymbols().get(random.nextInt(schema.getEnumSymbols().size())));
      case ARRAY -> array(schema, depth);
      case MAP -> map(schema, depth);
      case UNION -> of(branch(schema, depth), depth);
      case FIXED -> new GenericData.Fixed(schema, bytes(schema.getFixedSize()));
      case STRING -> text();
      case BYTES -> ByteBuffer.wrap(bytes(random.nextInt(20)));
      case INT -> random.nextInt();
      case LONG -> random.nextLong();
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case BOOLEAN -> random.nextBoolean();
      case NULL -> null;
    };
  }

  private Schema branch(Schema union, int depth) {
    List<Schema> types = union.getTypes();
    return depth <= 0 ? types.getFirst() : types.get(random.nextInt(types.size()));
  }

  private GenericData.Record record(Schema schema, int depth) {
    GenericData.Record record = new GenericData.Record(schema);
    schema.getFields().forEach(field -> record.put(field.pos(), of(field.schema(), depth - 1)));
    return record;
  }

  private List<@Nullable Object> array(Schema schema, int depth) {
    List<@Nullable Object> items = new ArrayList<>();
    for (int left = depth <= 0 ? 0 : random.nextInt(4); left > 0; left--) {
      items.add(of(schema.getElementType(), depth - 1));
    }
    return items;
  }

  private Map<String, @Nullable Object> map(Schema schema, int depth) {
    Map<String, @Nullable Object> entries = new HashMap<>();
    for (int left = depth <= 0 ? 0 : random.nextInt(4); left > 0; left--) {
      entries.put(text(), of(schema.getValueType(), depth - 1));
    }
    return entries;
  }

  private String text() {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> "Grüße, 世界 😀";
      case 2 -> "x".repeat(random.nextInt(2_000));
      default -> Long.toString(random.nextLong(), 36);
    };
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
