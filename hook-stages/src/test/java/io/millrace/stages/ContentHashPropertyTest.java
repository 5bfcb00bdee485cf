package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.openai.ChatCompletions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random requests, near ones and other spellings of them. */
class ContentHashPropertyTest {

  private static final int REQUESTS = 2_000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldAgreeOnSpellingsAndTellNearRequestsApart(long seed) throws Exception {
    Random random = new Random(seed);
    Map<String, JsonNode> byHash = new HashMap<>();
    for (int i = 0; i < REQUESTS; i++) {
      ObjectNode body = body(random);
      String hash = hash(body);
      assertThat(hash(spelledOtherwise(body, random)))
          .as("seed %s: %s", seed, body)
          .isEqualTo(hash);
      JsonNode same = byHash.putIfAbsent(hash, body);
      if (same != null) {
        assertThat(plain(same)).as("seed %s", seed).isEqualTo(plain(body));
      }
    }
    assertThat(byHash).hasSizeGreaterThan(REQUESTS / 2);
  }

  /** Few words and values, so that many are near one another. */
  private static ObjectNode body(Random random) {
    ObjectNode body = NODES.objectNode().put("model", "m");
    ArrayNode messages = body.putArray("messages");
    for (int i = 0; i <= random.nextInt(3); i++) {
      messages
          .addObject()
          .put("role", random.nextBoolean() ? "user" : "system")
          .put("content", text(random));
    }
    if (random.nextInt(3) == 0) {
      body.put("temperature", random.nextInt(1, 4) / 4.0);
    }
    if (random.nextInt(3) == 0) {
      body.put("max_tokens", random.nextInt(3));
    }
    if (random.nextInt(3) == 0) {
      ArrayNode stop = body.putArray("stop");
      for (int i = 0; i <= random.nextInt(2); i++) {
        stop.add(text(random));
      }
    }
    if (random.nextInt(3) == 0) {
      body.set("x", value(random, 3));
    }
    return body;
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> NODES.numberNode(random.nextInt(3));
      case 1 -> NODES.textNode(text(random));
      case 2 -> NODES.booleanNode(random.nextBoolean());
      case 3 -> NODES.numberNode(random.nextInt(3) + 0.5);
      case 4 -> {
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < random.nextInt(3); i++) {
          array.add(value(random, depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = NODES.objectNode();
        for (int i = 0; i < random.nextInt(3); i++) {
          object.set(text(random) + i, value(random, depth - 1));
        }
        yield object;
      }
    };
  }

  private static String text(Random random) {
    String[] words = {"", "a", "b", " ", "3:a", "\"", "[", "ä", "\n"};
    return words[random.nextInt(words.length)] + words[random.nextInt(words.length)];
  }

  private static ObjectNode spelledOtherwise(ObjectNode body, Random random) throws Exception {
    ObjectNode other = (ObjectNode) otherwise(body, random);
    if (random.nextBoolean()) {
      other.put("stream", random.nextBoolean());
    }
    if (random.nextBoolean()) {
      other.put("user", text(random));
    }
    if (random.nextBoolean() && !other.has("temperature")) {
      other.put("temperature", 1);
    }
    return (ObjectNode)
        JSON.readTree(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(other));
  }

  private static JsonNode otherwise(JsonNode node, Random random) {
    if (node.isObject()) {
      List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(node.properties());
      Collections.shuffle(fields, random);
      ObjectNode object = NODES.objectNode();
      fields.forEach(field -> object.set(field.getKey(), otherwise(field.getValue(), random)));
      return object;
    }
    if (node.isArray()) {
      ArrayNode array = NODES.arrayNode();
      node.forEach(element -> array.add(otherwise(element, random)));
      return array;
    }
    return node;
  }

  private static JsonNode plain(JsonNode node) throws Exception {
    ObjectNode copy = node.deepCopy();
    if (copy.path("temperature").decimalValue().compareTo(BigDecimal.ONE) == 0) {
      copy.remove("temperature");
    }
    return JSON.readTree(JSON.writeValueAsString(copy));
  }

  private static String hash(JsonNode body) throws Exception {
    return ContentHash.of(
        ChatCompletions.readRequest(ChatCompletions.parse(JSON.writeValueAsBytes(body))),
        new Target("one", "small"));
  }
}
