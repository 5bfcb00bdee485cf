package io.millrace.stages;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds a text that is the same for values that mean the same: fields of objects in order, numbers
 * by their value, strings to the letter. Every value ends where it says it does, so that no two
 * sequences of values give the same text. Used by one thread.
 */
final class CanonicalText {

  static final String NULL = "n";
  static final String TRUE = "t";

  private final StringBuilder text;

  CanonicalText() {
    this(256);
  }

  CanonicalText(int expectedCharacters) {
    text = new StringBuilder(expectedCharacters);
  }

  /** The canonical text of a field that holds JSON text; what is no JSON stands for itself. */
  static String ofJson(String json) {
    return new CanonicalText(json.length() + 16).json(json).toString();
  }

  static String of(double number) {
    CanonicalText text = new CanonicalText(16);
    return Double.isFinite(number)
        ? text.number(BigDecimal.valueOf(number)).toString()
        : text.string(Double.toString(number)).toString();
  }

  static String of(long number) {
    return new CanonicalText(16).number(BigDecimal.valueOf(number)).toString();
  }

  static String of(List<String> strings) {
    CanonicalText text = new CanonicalText().mark('[');
    strings.forEach(text::string);
    return text.mark(']').toString();
  }

  CanonicalText mark(char mark) {
    text.append(mark);
    return this;
  }

  CanonicalText string(String value) {
    text.append(value.length()).append('"').append(value);
    return this;
  }

  CanonicalText nullable(@Nullable String value) {
    return value == null ? raw(NULL) : string(value);
  }

  /** Adds what is canonical already. */
  CanonicalText raw(String canonical) {
    text.append(canonical);
    return this;
  }

  CanonicalText json(String json) {
    try {
      return node(ChatCompletions.parse(json.getBytes(StandardCharsets.UTF_8)));
    } catch (InvalidBodyException | ArithmeticException | NumberFormatException e) {
      return mark('?').string(json);
    }
  }

  private CanonicalText node(JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> object(node);
      case ARRAY -> {
        mark('[');
        node.forEach(this::node);
        mark(']');
      }
      case NUMBER -> number(node.decimalValue());
      case STRING -> string(node.textValue());
      case BOOLEAN -> raw(node.booleanValue() ? TRUE : "f");
      default -> raw(NULL);
    }
    return this;
  }

  private void object(JsonNode node) {
    TreeMap<String, JsonNode> fields = new TreeMap<>();
    node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    mark('{');
    fields.forEach(
        (name, value) -> {
          string(name);
          node(value);
        });
    mark('}');
  }

  private CanonicalText number(BigDecimal value) {
    text.append('#').append(value.stripTrailingZeros()).append(';');
    return this;
  }

  byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
