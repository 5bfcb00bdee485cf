package io.millrace.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.ColumnData;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A hook's answer for people: simple fields as lines, lists of objects as tables below them. What
 * nests deeper stays JSON.
 */
final class AnswerText {

  private AnswerText() {}

  /** The text; ends without a line break. */
  static String of(JsonNode answer) {
    if (!answer.isObject() || answer.isEmpty()) {
      return isTable(answer) ? table(answer) : answer.toPrettyString();
    }
    List<String> blocks = new ArrayList<>();
    String fields = fields(answer);
    if (!fields.isEmpty()) {
      blocks.add(fields);
    }
    answer.forEachEntry(
        (name, value) -> {
          if (isTable(value)) {
            blocks.add(name + ":\n" + table(value));
          }
        });
    return String.join("\n\n", blocks);
  }

  private static String fields(JsonNode answer) {
    StringBuilder lines = new StringBuilder();
    answer.forEachEntry(
        (name, value) -> {
          if (!isTable(value)) {
            lines.append(name).append(": ").append(text(value)).append('\n');
          }
        });
    return lines.toString().stripTrailing();
  }

  /** Objects in a list, not all of them empty. */
  private static boolean isTable(JsonNode value) {
    if (!value.isArray() || value.isEmpty()) {
      return false;
    }
    for (JsonNode row : value) {
      if (!row.isObject() || row.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static String table(JsonNode list) {
    List<JsonNode> rows = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode row : list) {
      rows.add(row);
      row.fieldNames().forEachRemaining(names::add);
    }
    List<ColumnData<JsonNode>> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(Listing.column(name).with(row -> text(row.path(name))));
    }
    return AsciiTable.getTable(AsciiTable.NO_BORDERS, rows, columns)
        .lines()
        .map(String::stripTrailing)
        .collect(Collectors.joining("\n"));
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "-";
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
