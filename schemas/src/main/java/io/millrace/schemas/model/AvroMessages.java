package io.millrace.schemas.model;

import io.millrace.plugin.model.Content;
import io.millrace.schemas.avro.ImagePart;
import io.millrace.schemas.avro.Message;
import io.millrace.schemas.avro.OtherPart;
import io.millrace.schemas.avro.TextPart;
import io.millrace.schemas.avro.ToolCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages and their contents, both ways. */
final class AvroMessages {

  private AvroMessages() {}

  static io.millrace.plugin.model.Message toModel(Message message) {
    return new io.millrace.plugin.model.Message(
        message.getRole(),
        content(message.getContent()),
        message.getName(),
        message.getToolCalls().stream().map(AvroMessages::call).toList(),
        message.getToolCallId(),
        message.getExtra());
  }

  static Message toAvro(io.millrace.plugin.model.Message message) {
    return new Message(
        message.role(),
        content(message.content()),
        message.name(),
        message.toolCalls().stream().map(AvroMessages::call).toList(),
        message.toolCallId(),
        message.extra());
  }

  private static @Nullable Content content(@Nullable Object content) {
    return switch (content) {
      case null -> null;
      case CharSequence text -> new Content.Text(text.toString());
      case List<?> parts -> new Content.Parts(parts.stream().map(AvroMessages::part).toList());
      default -> throw new IllegalArgumentException("not a content: " + content.getClass());
    };
  }

  private static @Nullable Object content(@Nullable Content content) {
    return switch (content) {
      case null -> null;
      case Content.Text text -> text.text();
      case Content.Parts parts -> parts.parts().stream().map(AvroMessages::part).toList();
    };
  }

  private static Content.Part part(Object part) {
    return switch (part) {
      case TextPart text -> new Content.TextPart(text.getText());
      case ImagePart image -> new Content.ImagePart(image.getUrl(), image.getDetail());
      case OtherPart other -> new Content.OtherPart(other.getJson());
      default -> throw new IllegalArgumentException("not a part: " + part.getClass());
    };
  }

  private static Object part(Content.Part part) {
    return switch (part) {
      case Content.TextPart text -> new TextPart(text.text());
      case Content.ImagePart image -> new ImagePart(image.url(), image.detail());
      case Content.OtherPart other -> new OtherPart(other.json());
    };
  }

  private static io.millrace.plugin.model.ToolCall call(ToolCall call) {
    return new io.millrace.plugin.model.ToolCall(call.getId(), call.getName(), call.getArguments());
  }

  private static ToolCall call(io.millrace.plugin.model.ToolCall call) {
    return new ToolCall(call.id(), call.name(), call.arguments());
  }
}
