package io.millrace.stages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.openai.ChatCompletions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * The key of a request's content: equal for requests that ask the same of one model, whoever asks
 * and whether or not they want chunks. SHA-256 over the JSON body with the fields of every object
 * in order.
 */
final class ContentHash {

  private ContentHash() {}

  /** The hash in hexadecimal digits, of a request as the target's model would get it. */
  static String of(CompletionRequest request, Target target) {
    ObjectNode body = ChatCompletions.writeRequest(request);
    body.put("model", target.provider() + "/" + target.model());
    body.remove("stream");
    body.remove("stream_options");
    MessageDigest digest = sha256();
    addTo(digest, body);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void addTo(MessageDigest digest, JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, JsonNode> fields = new TreeMap<>();
      node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
      text(digest, "{");
      fields.forEach(
          (name, value) -> {
            text(digest, name.length() + ":" + name);
            addTo(digest, value);
          });
      text(digest, "}");
    } else if (node.isArray()) {
      text(digest, "[");
      node.forEach(element -> addTo(digest, element));
      text(digest, "]");
    } else {
      String value = node.toString();
      text(digest, value.length() + ":" + value);
    }
  }

  private static void text(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
