package io.millrace.stages.hooks.tokens;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.model.Tool;
import io.millrace.plugin.model.ToolCall;
import org.jspecify.annotations.Nullable;

/**
 * The most tokens that a request can use. A tokenizer makes at least one byte into a token, so the
 * bytes of the text are a bound for any of them; what a provider adds around messages and tools is
 * bounded by constants. Images are the exception: how many tokens one is depends on its size and
 * the model, so the configuration says.
 */
public final class TokenBound {

  /** What a chat template puts around one message, tool or tool call: role, name, marks. */
  static final long AROUND_EACH = 16;

  /** What a provider puts before everything, such as its instructions for calling tools. */
  static final long AROUND_ALL = 512;

  private TokenBound() {}

  /**
   * The most tokens of the prompt.
   *
   * @param imageTokens the most tokens of one image
   */
  public static long prompt(CompletionRequest request, long imageTokens) {
    long bound = AROUND_ALL + bytes(request.responseFormatJson());
    for (Message message : request.messages()) {
      bound += AROUND_EACH + bytes(message.name()) + content(message.content(), imageTokens);
      for (ToolCall call : message.toolCalls()) {
        bound += AROUND_EACH + bytes(call.name()) + bytes(call.arguments());
      }
    }
    for (Tool tool : request.tools()) {
      bound += AROUND_EACH + tool(tool);
    }
    return bound;
  }

  /**
   * The most tokens that may be generated, over all choices asked for.
   *
   * @param unlimited what to count where the request does not say
   */
  public static long completion(CompletionRequest request, long unlimited) {
    if (request.kind() == RequestKind.EMBEDDINGS) {
      return 0;
    }
    long each = unlimited;
    if (request.maxTokens() != null) {
      each = request.maxTokens();
    }
    each = Math.max(each, whole(request.extra().get("max_completion_tokens"), each));
    return Math.max(0, each) * Math.clamp(whole(request.extra().get("n"), 1), 1, 1_000);
  }

  /** Whether the request itself says how much may be generated: embeddings generate nothing. */
  public static boolean limitsCompletion(CompletionRequest request) {
    return request.kind() == RequestKind.EMBEDDINGS
        || request.maxTokens() != null
        || whole(request.extra().get("max_completion_tokens"), -1) >= 0;
  }

  private static long content(@Nullable Content content, long image) {
    return switch (content) {
      case null -> 0;
      case Content.Text text -> bytes(text.text());
      case Content.Parts parts -> parts.parts().stream().mapToLong(part -> part(part, image)).sum();
    };
  }

  private static long part(Content.Part part, long imageTokens) {
    return switch (part) {
      case Content.TextPart text -> bytes(text.text());
      case Content.ImagePart ignored -> imageTokens;
      case Content.OtherPart other -> bytes(other.json());
    };
  }

  private static long tool(Tool tool) {
    return switch (tool) {
      case Tool.Function function ->
          bytes(function.name()) + bytes(function.description()) + bytes(function.parametersJson());
      case Tool.Other other -> bytes(other.json());
    };
  }

  /** The length in UTF-8, without making the bytes. */
  static long bytes(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      // A pair of surrogates is four bytes: two for each half.
      bytes += next < 0x80 ? 0 : next < 0x800 || Character.isSurrogate(next) ? 1 : 2;
    }
    return bytes;
  }

  private static long whole(@Nullable String json, long fallback) {
    try {
      return json == null ? fallback : Integer.parseInt(json.strip());
    } catch (NumberFormatException e) {
      return fallback;
    }
  }
}
