package io.millrace.launcher.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.List;

/** How commands print lists. */
final class Listing {

  private static final int MAX_COLUMN_CHARACTERS = 80;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Listing() {}

  /** A column of text, all of it to the left. */
  static Column column(String header) {
    return new Column()
        .header(header)
        .dataAlign(HorizontalAlign.LEFT)
        .headerAlign(HorizontalAlign.LEFT)
        .maxWidth(MAX_COLUMN_CHARACTERS);
  }

  /** Rows as a JSON array. */
  static String asJson(List<?> rows) {
    ArrayNode list = JSON.createArrayNode();
    rows.forEach(list::addPOJO);
    return list.toPrettyString();
  }
}
