package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.ToolCall;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One message, in a request or in a choice. */
final class MessageFormat {

  private static final String ASSISTANT = "assistant";

  private static final List<String> ROLES =
      List.of("system", "developer", "user", ASSISTANT, "tool");

  private MessageFormat() {}

  /** A message of a request. */
  static Message read(JsonNode message, String path) throws InvalidBodyException {
    Fields fields = Fields.of(message, path);
    String role = fields.requiredText("role");
    if (!ROLES.contains(role)) {
      throw fields.fault(
          "role", "must be one of " + String.join(", ", ROLES) + ", is " + Fields.shown(role));
    }
    if (!role.equals(ASSISTANT)) {
      fields.required("content");
    }
    return read(fields, role);
  }

  /** A message of a choice: some servers leave its role out. */
  static Message readAnswer(Fields message) throws InvalidBodyException {
    return read(message, Objects.requireNonNullElse(message.text("role"), ASSISTANT));
  }

  static ObjectNode write(Message message) {
    ObjectNode body = JsonText.object().put("role", message.role());
    body.set("content", ContentFormat.write(message.content()));
    if (message.name() != null) {
      body.put("name", message.name());
    }
    ToolCallFormat.write(body, message);
    if (message.toolCallId() != null) {
      body.put("tool_call_id", message.toolCallId());
    }
    JsonText.addMissing(body, message.extra(), ToolCallFormat.NAME);
    return body;
  }

  private static Message read(Fields fields, String role) throws InvalidBodyException {
    @Nullable Content content = ContentFormat.read(fields.any("content"), fields.path("content"));
    @Nullable String name = fields.text("name");
    @Nullable String toolCallId = fields.text("tool_call_id");
    String callsPath = fields.path(ToolCallFormat.NAME);
    List<ToolCall> calls = ToolCallFormat.read(fields.elements(ToolCallFormat.NAME), callsPath);
    Map<String, String> extra = fields.rest();
    ToolCallFormat.keep(fields.any(ToolCallFormat.NAME), calls, callsPath, extra);
    return new Message(role, content, name, calls, toolCallId, extra);
  }
}
