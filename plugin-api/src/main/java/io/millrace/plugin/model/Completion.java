package io.millrace.plugin.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a model answered. Immutable.
 *
 * @param id the provider's id of the answer, or one the pipeline made up; never blank
 * @param model the model that answered, as the provider names it
 * @param createdSeconds when, in Unix seconds
 * @param choices the answers, at least one for a chat completion
 * @param usage tokens used
 * @param extra fields without one of their own: name to value as JSON text
 */
public record Completion(
    String id,
    String model,
    long createdSeconds,
    List<Choice> choices,
    Usage usage,
    Map<String, String> extra)
    implements Outcome {

  /** Copies the collections. */
  public Completion {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(usage, "usage");
    choices = List.copyOf(choices);
    extra = Map.copyOf(extra);
  }

  /**
   * One of the answers.
   *
   * @param index its place, from 0
   * @param message what the assistant says
   * @param finishReason {@code stop}, {@code length}, {@code tool_calls}, {@code content_filter} or
   *     the provider's own word; null when it gave none
   * @param extra fields without one of their own: name to value as JSON text
   */
  public record Choice(
      int index, Message message, @Nullable String finishReason, Map<String, String> extra) {
    /** Copies the map. */
    public Choice {
      Objects.requireNonNull(message, "message");
      extra = Map.copyOf(extra);
    }
  }

  /** A completion of plain text, for mocks, tests and hooks that answer themselves. */
  public static Completion ofText(
      String id, String model, long createdSeconds, String text, Usage usage) {
    return new Completion(
        id,
        model,
        createdSeconds,
        List.of(new Choice(0, Message.assistant(text), "stop", Map.of())),
        usage,
        Map.of());
  }

  /** The text of the first choice, or empty. */
  public String text() {
    return choices.isEmpty() ? "" : choices.getFirst().message().text();
  }
}
