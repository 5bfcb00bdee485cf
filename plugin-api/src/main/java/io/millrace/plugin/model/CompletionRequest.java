package io.millrace.plugin.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for. Immutable; lists and maps are copied. The shape follows the chat
 * completions interface, and whatever this record has no field for stays in {@link #extra()}, so
 * nothing a client sends is lost on the way to the provider.
 *
 * @param model {@code provider/model}, a bare model, an alias or {@code auto}; never blank
 * @param messages the conversation in order; at least one
 * @param tools the tools the model may call, possibly none
 * @param toolChoiceJson the {@code tool_choice} value as JSON text, or null
 * @param responseFormatJson the {@code response_format} value as JSON text, or null
 * @param temperature sampling temperature, or null for the provider's default
 * @param topP nucleus sampling mass, or null
 * @param maxTokens the most tokens to generate, or null
 * @param stop stop sequences, possibly none
 * @param seed sampling seed, or null
 * @param stream whether the caller wants chunks as they come
 * @param extra parameters without a field of their own: name to value as JSON text
 */
public record CompletionRequest(
    String model,
    List<Message> messages,
    List<Tool> tools,
    @Nullable String toolChoiceJson,
    @Nullable String responseFormatJson,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer maxTokens,
    List<String> stop,
    @Nullable Long seed,
    boolean stream,
    Map<String, String> extra) {

  /** Copies the collections. */
  public CompletionRequest {
    Objects.requireNonNull(model, "model");
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    stop = List.copyOf(stop);
    extra = Map.copyOf(extra);
  }

  /** A request with one user message and every option at its default. */
  public static CompletionRequest of(String model, String prompt) {
    return new CompletionRequest(
        model,
        List.of(Message.user(prompt)),
        List.of(),
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null,
        false,
        Map.of());
  }

  /** This request with other messages. */
  public CompletionRequest withMessages(List<Message> replacement) {
    return new CompletionRequest(
        model,
        replacement,
        tools,
        toolChoiceJson,
        responseFormatJson,
        temperature,
        topP,
        maxTokens,
        stop,
        seed,
        stream,
        extra);
  }

  /** This request aimed at another model. */
  public CompletionRequest withModel(String replacement) {
    return new CompletionRequest(
        replacement,
        messages,
        tools,
        toolChoiceJson,
        responseFormatJson,
        temperature,
        topP,
        maxTokens,
        stop,
        seed,
        stream,
        extra);
  }
}
