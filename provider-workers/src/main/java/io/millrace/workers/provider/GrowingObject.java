package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.openai.InvalidBodyException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A JSON object that comes in pieces. Texts that a model writes grow; other values are those that
 * came last; elements of arrays with an {@code index} grow by themselves. For one thread.
 */
final class GrowingObject {

  private static final String INDEX = "index";

  /** Inside objects only these grow; names and ids are repeated rather than continued. */
  private static final Set<String> GROWING =
      Set.of(
          "arguments",
          "content",
          "data",
          "refusal",
          "signature",
          "summary",
          "text",
          "thinking",
          "transcript");

  /** Of the object itself these do not grow. */
  private static final Set<String> SETTLED = Set.of("role", "id", "type", "name", "obfuscation");

  private static final int TYPICAL_GROWTH = 32;

  private final AssemblyBudget budget;
  private final boolean top;
  private final Map<String, Object> fields = new LinkedHashMap<>();

  private GrowingObject(AssemblyBudget budget, boolean top) {
    this.budget = budget;
    this.top = top;
  }

  /** The message of a choice, of which nothing has come yet. */
  static GrowingObject message(AssemblyBudget budget) {
    return new GrowingObject(budget, true);
  }

  /** Takes the next piece. */
  void add(ObjectNode piece) throws InvalidBodyException {
    for (Map.Entry<String, JsonNode> field : piece.properties()) {
      add(field.getKey(), field.getValue());
    }
  }

  /** What has come. */
  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    fields.forEach((name, value) -> json.set(name, json(value)));
    return json;
  }

  private void add(String name, JsonNode value) throws InvalidBodyException {
    if (value.isTextual()) {
      addText(name, value);
    } else if (value instanceof ObjectNode object) {
      within(name).add(object);
    } else if (value instanceof ArrayNode array) {
      addElements(name, array);
    } else if (!value.isNull()) {
      put(name, value);
    } else {
      fields.putIfAbsent(name, value);
    }
  }

  private void addText(String name, JsonNode value) throws InvalidBodyException {
    String text = value.textValue();
    boolean grows = top ? !SETTLED.contains(name) : GROWING.contains(name);
    if (grows) {
      budget.take(text.length());
      if (fields.get(name) instanceof StringBuilder soFar) {
        soFar.append(text);
      } else {
        StringBuilder begun = new StringBuilder(text.length() + TYPICAL_GROWTH);
        put(name, begun.append(text));
      }
    } else if (!value.equals(fields.get(name)) && (!text.isEmpty() || !fields.containsKey(name))) {
      budget.take(text.length());
      put(name, value);
    }
  }

  private void put(String name, Object value) throws InvalidBodyException {
    if (fields.put(name, value) == null) {
      budget.takeValue();
    }
  }

  private GrowingObject within(String name) throws InvalidBodyException {
    if (fields.get(name) instanceof GrowingObject object) {
      return object;
    }
    GrowingObject object = new GrowingObject(budget, false);
    put(name, object);
    return object;
  }

  private void addElements(String name, ArrayNode array) throws InvalidBodyException {
    Elements elements;
    if (fields.get(name) instanceof Elements soFar) {
      elements = soFar;
    } else {
      elements = new Elements();
      put(name, elements);
    }
    for (JsonNode element : array) {
      if (element instanceof ObjectNode object && object.path(INDEX).canConvertToInt()) {
        elements.indexed(object.path(INDEX).intValue()).add(without(object));
      } else {
        elements.append(element);
      }
    }
  }

  private static ObjectNode without(ObjectNode element) {
    ObjectNode rest = element.objectNode();
    rest.setAll(element);
    rest.remove(INDEX);
    return rest;
  }

  private static JsonNode json(Object value) {
    return switch (value) {
      case StringBuilder text -> JsonNodeFactory.instance.textNode(text.toString());
      case GrowingObject object -> object.toJson();
      case Elements elements -> elements.toJson();
      case JsonNode node -> node;
      default -> throw new IllegalStateException("no part of a growing object: " + value);
    };
  }

  /** The elements of an array: those with an index, in its order, then those without. */
  private final class Elements {

    private final Map<Integer, GrowingObject> indexed = new TreeMap<>();
    private final List<JsonNode> appended = new ArrayList<>();

    GrowingObject indexed(int index) throws InvalidBodyException {
      GrowingObject element = indexed.get(index);
      if (element == null) {
        budget.takeValue();
        element = new GrowingObject(budget, false);
        indexed.put(index, element);
      }
      return element;
    }

    void append(JsonNode element) throws InvalidBodyException {
      budget.takeValue();
      budget.take(element.isContainerNode() ? element.toString().length() : 0);
      appended.add(element);
    }

    ArrayNode toJson() {
      ArrayNode json = JsonNodeFactory.instance.arrayNode();
      indexed.values().forEach(element -> json.add(element.toJson()));
      appended.forEach(json::add);
      return json;
    }
  }
}
