package io.millrace.schemas.avsc;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.ParkedExchange;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/** Schemas of what topics and stores hold, and the files they are written to. */
final class TopicRecords {

  private TopicRecords() {}

  /** The values of all Avro topics. */
  static List<Schema> onTopics() {
    return new TopicCatalogue("", 1)
        .all(List.of(TopicCatalogue.HOME), List.of("any")).stream()
            .filter(topic -> topic.format() == Topic.ValueFormat.AVRO)
            .map(topic -> SpecificData.get().getSchema(Objects.requireNonNull(topic.valueType())))
            .collect(toCollection(() -> new TreeSet<>(Comparator.comparing(Schema::getName))))
            .stream()
            .toList();
  }

  /** The same, and what state stores hold: it is read again after an upgrade, too. */
  static List<Schema> kept() {
    return Stream.concat(
            onTopics().stream(), Stream.of(LedgerEntry.SCHEMA$, ParkedExchange.SCHEMA$))
        .toList();
  }

  static void write(Path folder, List<Schema> schemas) throws IOException {
    Files.createDirectories(folder);
    for (Schema schema : schemas) {
      Files.writeString(file(folder, schema), text(schema));
    }
  }

  static Path file(Path folder, Schema schema) {
    return folder.resolve(schema.getName() + ".avsc");
  }

  static String text(Schema schema) throws IOException {
    JsonMapper mapper = new JsonMapper();
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    return mapper
            .writer(new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent))
            .writeValueAsString(mapper.readTree(schema.toString()))
        + "\n";
  }
}
