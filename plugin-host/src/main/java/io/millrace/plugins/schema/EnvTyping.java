package io.millrace.plugins.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugins.schema.JsonSchema.Violation;
import java.util.Optional;

/** Environment variables are text; where the schema wants a number or a switch, they become one. */
public final class EnvTyping {

  private EnvTyping() {}

  /** Retypes the value a violation complains of, in place, where its text allows. */
  public static void retype(JsonNode tree, Violation violation) {
    if (!violation.keyword().equals("type")) {
      return;
    }
    String text = tree.at(violation.at()).asText();
    typed(text, violation.definition().path("type").asText())
        .ifPresent(value -> put(tree.at(violation.at().head()), violation, value));
  }

  private static Optional<JsonNode> typed(String text, String type) {
    try {
      return switch (type) {
        case "integer" -> Optional.of(LongNode.valueOf(Long.parseLong(text)));
        case "number" -> Optional.of(DoubleNode.valueOf(Double.parseDouble(text)));
        case "boolean" ->
            text.equals("true") || text.equals("false")
                ? Optional.of(BooleanNode.valueOf(text.equals("true")))
                : Optional.empty();
        default -> Optional.empty();
      };
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static void put(JsonNode parent, Violation violation, JsonNode value) {
    switch (parent) {
      case ObjectNode object -> object.set(violation.at().last().getMatchingProperty(), value);
      case ArrayNode array -> array.set(violation.at().last().getMatchingIndex(), value);
      default -> throw new IllegalStateException("no container at " + violation.at());
    }
  }
}
