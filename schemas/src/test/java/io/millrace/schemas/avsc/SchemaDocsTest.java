package io.millrace.schemas.avsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever reads a schema in the registry reads what each field means. */
class SchemaDocsTest {

  @Test
  void shouldDocumentEveryTypeAndField() {
    Set<Schema> seen = new HashSet<>();
    List<String> undocumented = new ArrayList<>();
    TopicRecords.kept().forEach(schema -> visit(schema, seen, undocumented));

    assertThat(seen).hasSizeGreaterThan(20);
    assertThat(undocumented).as("types and fields without a comment in millrace.avdl").isEmpty();
  }

  private static void visit(Schema schema, Set<Schema> seen, List<String> undocumented) {
    switch (schema.getType()) {
      case ARRAY -> visit(schema.getElementType(), seen, undocumented);
      case MAP -> visit(schema.getValueType(), seen, undocumented);
      case UNION -> schema.getTypes().forEach(type -> visit(type, seen, undocumented));
      case ENUM -> {
        seen.add(schema);
        check(schema.getDoc(), schema.getName(), undocumented);
      }
      case RECORD -> {
        if (seen.add(schema)) {
          check(schema.getDoc(), schema.getName(), undocumented);
          for (Schema.Field field : schema.getFields()) {
            check(field.doc(), schema.getName() + "." + field.name(), undocumented);
            visit(field.schema(), seen, undocumented);
          }
        }
      }
      default -> {}
    }
  }

  private static void check(@Nullable String doc, String name, List<String> undocumented) {
    if (doc == null || doc.isBlank()) {
      undocumented.add(name);
    }
  }
}
