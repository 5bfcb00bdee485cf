package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Request and response bodies that use every field, every type of part and unknown fields. */
final class RandomBodies {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> ROLES = List.of("system", "developer", "user", "tool");

  private final RandomJson json;

  RandomBodies(RandomGenerator random) {
    this.json = new RandomJson(random);
  }

  ObjectNode request() {
    ObjectNode body = NODES.objectNode();
    body.put("model", "m" + json.text());
    body.set("messages", list(1, this::message));
    maybe(body, "tools", () -> list(0, this::tool));
    maybe(body, "tool_choice", () -> json.chance(5) ? text() : json.object());
    maybe(body, "response_format", json::object);
    maybe(body, "temperature", this::number);
    maybe(body, "top_p", this::number);
    maybe(body, "max_tokens", () -> NODES.numberNode(json.below(100_000)));
    maybe(body, "max_completion_tokens", () -> NODES.numberNode(json.below(100_000)));
    maybe(body, "stop", () -> json.chance(3) ? text() : list(0, this::text));
    maybe(body, "seed", () -> NODES.numberNode(json.number()));
    maybe(body, "stream", () -> NODES.booleanNode(json.chance(5)));
    return unknown(body);
  }

  ObjectNode completion() {
    ObjectNode body = NODES.objectNode();
    body.put("id", json.text()).put("object", "chat.completion").put("model", json.text());
    body.put("created", json.number());
    ArrayNode choices = body.putArray("choices");
    for (int i = 0; i <= json.below(3); i++) {
      ObjectNode choice = choices.addObject().put("index", i);
      choice.set("message", assistant());
      choice.put("finish_reason", json.chance(3) ? null : json.text());
      unknown(choice);
    }
    body.set("usage", usage());
    return unknown(body);
  }

  private ObjectNode usage() {
    long prompt = json.below(10_000);
    long completion = json.below(10_000);
    ObjectNode usage = NODES.objectNode();
    usage.put("prompt_tokens", prompt).put("completion_tokens", completion);
    usage.put("total_tokens", json.chance(8) ? prompt + completion : 7);
    maybe(usage, "prompt_tokens_details", () -> details("cached_tokens"));
    maybe(usage, "completion_tokens_details", () -> details("reasoning_tokens"));
    return json.chance(3) ? unknown(usage) : usage;
  }

  private JsonNode details(String name) {
    ObjectNode details = NODES.objectNode().put(name, json.below(3));
    return json.chance(5) ? details.put("audio_tokens", 0) : details;
  }

  private ObjectNode message() {
    if (json.chance(3)) {
      return assistant();
    }
    ObjectNode message = NODES.objectNode().put("role", ROLES.get(json.below(ROLES.size())));
    message.set("content", content());
    maybe(message, "name", this::text);
    maybe(message, "tool_call_id", this::text);
    return unknown(message);
  }

  private ObjectNode assistant() {
    ObjectNode message = NODES.objectNode().put("role", "assistant");
    if (json.chance(9)) {
      message.set("content", json.chance(3) ? NODES.nullNode() : content());
    }
    maybe(message, "tool_calls", () -> list(0, this::call));
    return unknown(message);
  }

  private JsonNode content() {
    return json.chance(5) ? text() : list(0, this::part);
  }

  private ObjectNode part() {
    ObjectNode part = NODES.objectNode();
    switch (json.below(4)) {
      case 0 -> part.put("type", "text").put("text", json.text());
      case 1 -> part.put("type", "image_url").set("image_url", image());
      case 2 -> part.put("type", "input_audio").set("input_audio", json.any());
      default -> unknown(part.put("type", "text").put("text", json.text()));
    }
    return part;
  }

  private ObjectNode image() {
    ObjectNode image = NODES.objectNode().put("url", json.text());
    if (json.chance(4)) {
      image.put("detail", "low");
    }
    return json.chance(2) ? unknown(image) : image;
  }

  private ObjectNode call() {
    ObjectNode call = NODES.objectNode().put("id", json.text());
    if (json.chance(2)) {
      call.put("type", "custom").set("custom", json.any());
      return call;
    }
    if (json.chance(9)) {
      call.put("type", "function");
    }
    call.putObject("function").put("name", json.text()).put("arguments", json.text());
    return json.chance(2) ? unknown(call) : call;
  }

  private ObjectNode tool() {
    ObjectNode tool = NODES.objectNode();
    if (json.chance(2)) {
      return unknown(tool.put("type", "web_search"));
    }
    ObjectNode function = tool.put("type", "function").putObject("function");
    function.put("name", json.text());
    maybe(function, "description", this::text);
    maybe(function, "parameters", json::object);
    maybe(function, "strict", () -> NODES.booleanNode(json.chance(5)));
    return json.chance(2) ? unknown(tool) : tool;
  }

  private ObjectNode unknown(ObjectNode object) {
    for (int i = json.below(3); i > 0; i--) {
      object.set("x_" + json.text(), json.any());
    }
    return object;
  }

  private JsonNode number() {
    return json.chance(5) ? NODES.numberNode(json.fraction()) : NODES.numberNode(json.below(3));
  }

  private JsonNode text() {
    return NODES.textNode(json.text());
  }

  private static <T extends JsonNode> ArrayNode list(int least, int more, Supplier<T> element) {
    ArrayNode array = NODES.arrayNode();
    for (int i = 0; i < least + more; i++) {
      array.add(element.get());
    }
    return array;
  }

  private <T extends JsonNode> ArrayNode list(int least, Supplier<T> element) {
    return list(least, json.below(4), element);
  }

  private void maybe(ObjectNode object, String name, Supplier<? extends JsonNode> value) {
    if (json.chance(5)) {
      object.set(
          name, json.chance(1) && !name.contains("details") ? NODES.nullNode() : value.get());
    }
  }
}
