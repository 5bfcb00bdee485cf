package io.millrace.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;

/** Shows reports as tables and keeps them as JSON. */
final class ReportWriter {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private ReportWriter() {}

  static String table(Report report) {
    Collection<Figure> rows = report.figures();
    return "%s: %s%n%s%n%s%n%s"
        .formatted(
            report.id(),
            report.title(),
            Machine.current().describe(),
            report.settings(),
            AsciiTable.getTable(
                AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS,
                rows,
                List.of(
                    column("figure", HorizontalAlign.LEFT).maxWidth(60).with(Figure::name),
                    column("value", HorizontalAlign.RIGHT)
                        .with(figure -> Figure.text(figure.value())),
                    column("unit", HorizontalAlign.LEFT).with(Figure::unit),
                    column("wanted", HorizontalAlign.RIGHT).with(ReportWriter::wanted),
                    column("reached", HorizontalAlign.LEFT).with(ReportWriter::reached))));
  }

  /** Writes {@code <id>-<time>.json} and says where. */
  static Path write(Report report, Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(report.id() + "-" + FILE_TIME.format(report.at()) + ".json");
    MAPPER.writeValue(file.toFile(), json(report));
    return file;
  }

  private static ObjectNode json(Report report) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("id", report.id()).put("title", report.title()).put("at", report.at().toString());
    root.set("machine", MAPPER.valueToTree(Machine.current()));
    root.set("settings", MAPPER.valueToTree(report.settings()));
    ArrayNode figures = root.putArray("figures");
    for (Figure figure : report.figures()) {
      ObjectNode node = figures.addObject();
      node.put("name", figure.name()).put("value", figure.value()).put("unit", figure.unit());
      if (figure.goal() != null) {
        node.put("wanted", figure.goal().toString());
        node.put("reached", figure.goal().reachedBy(figure.value()));
      }
    }
    return root;
  }

  private static Column column(String header, HorizontalAlign align) {
    return new Column().header(header).headerAlign(HorizontalAlign.LEFT).dataAlign(align);
  }

  private static String wanted(Figure figure) {
    return figure.goal() == null ? "" : figure.goal().toString();
  }

  private static String reached(Figure figure) {
    return figure.goal() == null ? "" : figure.goal().reachedBy(figure.value()) ? "yes" : "no";
  }
}
