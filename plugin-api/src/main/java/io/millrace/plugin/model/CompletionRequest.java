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
 * <p>Whoever changes a request does so with the methods that begin with {@code with}: what they do
 * not name stays as it is, also fields that come later.
 *
 * @param model {@code provider/model}, a bare model, an alias or {@code auto}; never blank
 * @param messages the conversation in order, or the inputs to embed ({@link Embeddings#inputs}); at
 *     least one
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
 * @param kind what is asked for
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
    Map<String, String> extra,
    RequestKind kind) {

  /** Copies the collections. */
  public CompletionRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(kind, "kind");
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    stop = List.copyOf(stop);
    extra = Map.copyOf(extra);
  }

  /** A chat. */
  public CompletionRequest(
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
    this(
        model,
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
        extra,
        RequestKind.CHAT);
  }

  /** A chat with one user message and every option at its default. */
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
    return with(model, replacement, maxTokens, extra, kind);
  }

  /** This request aimed at another model. */
  public CompletionRequest withModel(String replacement) {
    return with(replacement, messages, maxTokens, extra, kind);
  }

  /** This request with another bound on what is generated; null for the provider's own. */
  public CompletionRequest withMaxTokens(@Nullable Integer replacement) {
    return with(model, messages, replacement, extra, kind);
  }

  /** This request with other parameters that have no field of their own. */
  public CompletionRequest withExtra(Map<String, String> replacement) {
    return with(model, messages, maxTokens, replacement, kind);
  }

  /** This request as one of another kind. */
  public CompletionRequest withKind(RequestKind replacement) {
    return with(model, messages, maxTokens, extra, replacement);
  }

  /**
   * This request with its answer in pieces as they come, or as a whole. A hook that has to see an
   * answer before the caller does asks for it as a whole: a caller who wanted pieces gets pieces
   * all the same, cut from what the PostHooks made of it.
   */
  public CompletionRequest withStream(boolean wanted) {
    return wanted == stream
        ? this
        : new CompletionRequest(
            model,
            messages,
            tools,
            toolChoiceJson,
            responseFormatJson,
            temperature,
            topP,
            maxTokens,
            stop,
            seed,
            wanted,
            extra,
            kind);
  }

  private CompletionRequest with(
      String otherModel,
      List<Message> otherMessages,
      @Nullable Integer otherMaxTokens,
      Map<String, String> otherExtra,
      RequestKind otherKind) {
    return new CompletionRequest(
        otherModel,
        otherMessages,
        tools,
        toolChoiceJson,
        responseFormatJson,
        temperature,
        topP,
        otherMaxTokens,
        stop,
        seed,
        stream,
        otherExtra,
        otherKind);
  }
}
