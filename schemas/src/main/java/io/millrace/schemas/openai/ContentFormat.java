package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.plugin.model.Content;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a message says: text, parts or nothing. */
final class ContentFormat {

  private ContentFormat() {}

  static @Nullable Content read(@Nullable JsonNode content, String path)
      throws InvalidBodyException {
    if (content == null) {
      return null;
    }
    if (content.isTextual()) {
      return new Content.Text(Fields.text(content, path));
    }
    if (!content.isArray()) {
      throw Fields.wrongKind(path, "a string or an array of parts", content);
    }
    List<Content.Part> parts = new ArrayList<>(content.size());
    for (JsonNode part : content) {
      parts.add(part(part, path + "[" + parts.size() + "]"));
    }
    return new Content.Parts(parts);
  }

  static JsonNode write(@Nullable Content content) {
    return switch (content) {
      case null -> NullNode.getInstance();
      case Content.Text text -> TextNode.valueOf(text.text());
      case Content.Parts parts -> write(parts);
    };
  }

  /** A part that the model has no exact place for stays whole. */
  private static Content.Part part(JsonNode part, String path) throws InvalidBodyException {
    Fields fields = Fields.of(part, path);
    Content.@Nullable Part known =
        switch (fields.requiredText("type")) {
          case "text" -> new Content.TextPart(fields.requiredText("text"));
          case "image_url" -> image(fields.requiredObject("image_url"));
          default -> null;
        };
    return known == null || fields.hasRest()
        ? new Content.OtherPart(JsonText.of(part, path))
        : known;
  }

  private static Content.@Nullable Part image(Fields image) throws InvalidBodyException {
    Content.Part part = new Content.ImagePart(image.requiredText("url"), image.text("detail"));
    return image.hasRest() ? null : part;
  }

  private static ArrayNode write(Content.Parts parts) {
    ArrayNode array = JsonText.object().arrayNode(parts.parts().size());
    parts.parts().forEach(part -> array.add(write(part)));
    return array;
  }

  private static JsonNode write(Content.Part part) {
    return switch (part) {
      case Content.TextPart text -> JsonText.object().put("type", "text").put("text", text.text());
      case Content.ImagePart image -> write(image);
      case Content.OtherPart other -> JsonText.tree(other.json(), "a part");
    };
  }

  private static ObjectNode write(Content.ImagePart image) {
    ObjectNode body = JsonText.object().put("type", "image_url");
    ObjectNode address = body.putObject("image_url").put("url", image.url());
    if (image.detail() != null) {
      address.put("detail", image.detail());
    }
    return body;
  }
}
