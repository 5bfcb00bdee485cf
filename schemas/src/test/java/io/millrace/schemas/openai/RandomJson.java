package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;

/** JSON of any shape, with the numbers and characters that get lost easily. */
final class RandomJson {

  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "Hello",
          "\u0000\n\t\"\\",
          "żółć",
          "日本語",
          "👩‍🚀",
          "\u2028",
          "{\"a\":1}",
          "null");
  private static final List<String> NUMBERS =
      List.of("0.1234567890123456789", "1E+400", "-0.0", "1.50", "3e-7", "-1");

  private final RandomGenerator random;

  RandomJson(RandomGenerator random) {
    this.random = random;
  }

  String text() {
    return chance(5) ? TEXTS.get(random.nextInt(TEXTS.size())) : "t" + random.nextInt(1_000);
  }

  boolean chance(int ofTen) {
    return random.nextInt(10) < ofTen;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  double fraction() {
    return random.nextDouble();
  }

  long number() {
    return random.nextLong();
  }

  JsonNode any() {
    return any(3);
  }

  ObjectNode object() {
    return object(3);
  }

  private JsonNode any(int depth) {
    return switch (random.nextInt(depth == 0 ? 6 : 8)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextLong());
      case 3 -> NODES.numberNode(new BigDecimal(NUMBERS.get(random.nextInt(NUMBERS.size()))));
      case 4 -> NODES.numberNode(BigInteger.TWO.pow(70).add(BigInteger.valueOf(random.nextInt())));
      case 5 -> NODES.textNode(text());
      case 6 -> array(depth - 1);
      default -> object(depth - 1);
    };
  }

  private ArrayNode array(int depth) {
    ArrayNode array = NODES.arrayNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      array.add(any(depth));
    }
    return array;
  }

  private ObjectNode object(int depth) {
    ObjectNode object = NODES.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(text(), any(depth));
    }
    return object;
  }
}
