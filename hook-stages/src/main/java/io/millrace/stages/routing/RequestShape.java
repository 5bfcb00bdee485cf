package io.millrace.stages.routing;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.stages.hooks.tokens.TokenEstimator;
import org.jspecify.annotations.Nullable;

/**
 * What a request needs of a model.
 *
 * @param images whether it has images
 * @param stream whether its caller wants chunks
 * @param promptTokens about how long its prompt is, four characters to a token
 * @param outputTokens the most it wants generated; 0 where it does not say
 */
record RequestShape(boolean images, boolean stream, long promptTokens, long outputTokens) {

  private static final TokenEstimator TOKENS = TokenEstimator.rough();

  static RequestShape of(CompletionRequest request) {
    return new RequestShape(
        request.messages().stream().anyMatch(RequestShape::hasImage),
        request.stream(),
        TOKENS.prompt(request, ""),
        request.maxTokens() == null ? 0 : Math.max(0, request.maxTokens()));
  }

  /** What a model that is described lacks; null where it lacks nothing. */
  @Nullable Exclusion lackOf(ModelInfo model) {
    if (images && !model.vision()) {
      return Exclusion.VISION;
    }
    if (stream && !model.streaming()) {
      return Exclusion.STREAMING;
    }
    boolean fits =
        fits(promptTokens, model.maxInputTokens())
            && fits(outputTokens, model.maxOutputTokens())
            && fits(promptTokens + outputTokens, model.maxTokens());
    return fits ? null : Exclusion.SIZE;
  }

  private static boolean fits(long tokens, @Nullable Long most) {
    return most == null || tokens <= most;
  }

  private static boolean hasImage(Message message) {
    return message.content() instanceof Content.Parts parts
        && parts.parts().stream().anyMatch(part -> part instanceof Content.ImagePart);
  }
}
