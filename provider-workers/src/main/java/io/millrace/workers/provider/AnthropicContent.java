package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a message says, as blocks of the Messages interface. */
final class AnthropicContent {

  private static final Pattern DATA_URL =
      Pattern.compile("data:([A-Za-z0-9.+-]{1,64}/[A-Za-z0-9.+-]{1,64});base64,");

  private static final Set<String> OWN_FIELDS = Set.of("type", "image_url", "file");

  private AnthropicContent() {}

  /** Empty texts are left out: the interface refuses them. */
  static List<JsonNode> blocks(@Nullable Content content) throws UnmappableRequestException {
    List<JsonNode> blocks = new ArrayList<>();
    switch (content) {
      case null -> {}
      case Content.Text text -> addText(blocks, text.text());
      case Content.Parts parts -> {
        for (Content.Part part : parts.parts()) {
          add(blocks, part);
        }
      }
    }
    return blocks;
  }

  private static void addText(List<JsonNode> blocks, String text) {
    if (!text.isEmpty()) {
      blocks.add(block("text").put("text", text));
    }
  }

  private static void add(List<JsonNode> blocks, Content.Part part)
      throws UnmappableRequestException {
    switch (part) {
      case Content.TextPart text -> addText(blocks, text.text());
      case Content.ImagePart image -> blocks.add(image(image.url()));
      case Content.OtherPart other -> blocks.add(other(WireJson.read(other.json(), "a part")));
    }
  }

  /** Parts of chats are translated; blocks of Anthropic's own pass as they are. */
  private static JsonNode other(JsonNode part) throws UnmappableRequestException {
    ObjectNode block =
        switch (part.path("type").asText()) {
          case "image_url" -> image(part.at("/image_url/url").asText());
          case "file" -> document(part.path("file"));
          case "input_audio" ->
              throw new UnmappableRequestException(
                  "Anthropic takes no audio, only text and images");
          case "refusal" -> block("text").put("text", part.path("refusal").asText());
          default -> null;
        };
    if (block == null) {
      return part;
    }
    for (Map.Entry<String, JsonNode> field : part.properties()) {
      if (!OWN_FIELDS.contains(field.getKey()) && !block.has(field.getKey())) {
        block.set(field.getKey(), field.getValue());
      }
    }
    block.remove("refusal");
    return block;
  }

  private static ObjectNode image(String url) {
    ObjectNode block = block("image");
    block.set("source", source(url));
    return block;
  }

  private static ObjectNode document(JsonNode file) throws UnmappableRequestException {
    String data = file.path("file_data").asText("");
    if (data.isEmpty()) {
      throw new UnmappableRequestException(
          "a file must come with its file_data: file_id is an id of another provider");
    }
    ObjectNode block = block("document");
    block.set("source", source(data));
    if (file.path("filename").isTextual()) {
      block.set("title", file.path("filename"));
    }
    return block;
  }

  private static ObjectNode source(String url) {
    ObjectNode source = JsonNodeFactory.instance.objectNode();
    Matcher data = DATA_URL.matcher(url);
    return data.lookingAt()
        ? source
            .put("type", "base64")
            .put("media_type", data.group(1))
            .put("data", url.substring(data.end()))
        : source.put("type", "url").put("url", url);
  }

  private static ObjectNode block(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }
}
