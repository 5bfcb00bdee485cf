package io.millrace.stages.hooks.validate;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Target;
import io.millrace.stages.hooks.settings.ModelPattern;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds requests to what the model of the attempt can do. Pure.
 *
 * @param limits by pattern, the most telling pattern first
 * @param charactersPerToken by which prompts are estimated, above 0
 */
record ModelRules(List<Map.Entry<ModelPattern, ModelLimits>> limits, double charactersPerToken) {

  private static final String KIND = "model-limit";

  /** What a message takes beyond its text: its role, and where it begins and ends. */
  private static final int TOKENS_PER_MESSAGE = 4;

  ModelRules {
    limits =
        limits.stream()
            .sorted(
                Comparator.comparingInt(
                        (Map.Entry<ModelPattern, ModelLimits> entry) -> -entry.getKey().weight())
                    .thenComparing(entry -> entry.getKey().text()))
            .toList();
  }

  void check(CompletionRequest request, Target target, Faults faults) {
    limitsOf(target).ifPresent(found -> check(request, target, found, faults));
  }

  Optional<ModelLimits> limitsOf(Target target) {
    return limits.stream()
        .filter(entry -> entry.getKey().matches(target))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private void check(CompletionRequest request, Target target, ModelLimits found, Faults faults) {
    if (found.maxInputTokens() != null) {
      long tokens = estimate(request);
      if (tokens > found.maxInputTokens()) {
        faults.add(
            KIND,
            "messages",
            "about %,d tokens, %s takes at most %,d",
            tokens,
            target,
            found.maxInputTokens());
      }
    }
    if (found.maxOutputTokens() != null
        && request.maxTokens() != null
        && request.maxTokens() > found.maxOutputTokens()) {
      faults.add(
          KIND,
          "max_tokens",
          "is %,d, %s gives at most %,d",
          request.maxTokens(),
          target,
          found.maxOutputTokens());
    }
    if (!found.tools() && !request.tools().isEmpty()) {
      faults.add(KIND, "tools", "%s calls no tools", target);
    }
    int image = found.vision() ? -1 : firstImage(request.messages());
    if (image >= 0) {
      faults.add(KIND, "messages[" + image + "].content", "%s takes no images", target);
    }
  }

  private long estimate(CompletionRequest request) {
    long characters = 0;
    for (Message message : request.messages()) {
      characters += SizeRules.charactersOf(message);
    }
    return (long) Math.ceil(characters / charactersPerToken)
        + (long) TOKENS_PER_MESSAGE * request.messages().size();
  }

  private static int firstImage(List<Message> messages) {
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).content() instanceof Content.Parts parts
          && parts.parts().stream().anyMatch(part -> part instanceof Content.ImagePart)) {
        return i;
      }
    }
    return -1;
  }
}
