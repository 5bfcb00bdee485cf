package io.millrace.plugin.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation. Immutable.
 *
 * @param role {@code system}, {@code developer}, {@code user}, {@code assistant} or {@code tool}
 * @param content the text or parts, or null (an assistant message that only calls tools)
 * @param name the participant's name, or null
 * @param toolCalls the calls an assistant message makes, possibly none
 * @param toolCallId which call a tool message answers, or null
 * @param extra fields without one of their own: name to value as JSON text
 */
public record Message(
    String role,
    @Nullable Content content,
    @Nullable String name,
    List<ToolCall> toolCalls,
    @Nullable String toolCallId,
    Map<String, String> extra) {

  /** Copies the collections. */
  public Message {
    Objects.requireNonNull(role, "role");
    toolCalls = List.copyOf(toolCalls);
    extra = Map.copyOf(extra);
  }

  /** A user message of plain text. */
  public static Message user(String text) {
    return of("user", text);
  }

  /** An assistant message of plain text. */
  public static Message assistant(String text) {
    return of("assistant", text);
  }

  /** A message of plain text in a role. */
  public static Message of(String role, String text) {
    return new Message(role, new Content.Text(text), null, List.of(), null, Map.of());
  }

  /**
   * The text of this message: the plain text, or its text parts joined; empty when there is none.
   */
  public String text() {
    return content == null ? "" : content.asText();
  }
}
