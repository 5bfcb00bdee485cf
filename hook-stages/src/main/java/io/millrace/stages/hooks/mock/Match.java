package io.millrace.stages.hooks.mock;

import com.google.re2j.Pattern;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Target;
import io.millrace.stages.hooks.settings.ModelPattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be for a rule to apply; what is null does not matter.
 *
 * @param model the target that the attempt aims at
 * @param contains a text that one of the messages has
 * @param regex what one of the messages has; RE2, so in time linear in the text
 * @param tenant who asks
 */
record Match(
    @Nullable ModelPattern model,
    @Nullable String contains,
    @Nullable Pattern regex,
    @Nullable String tenant) {

  boolean fits(CompletionRequest request, Target target, String asking) {
    return (tenant == null || tenant.equals(asking))
        && (model == null || model.matches(target))
        && ((contains == null && regex == null)
            || request.messages().stream().anyMatch(this::fits));
  }

  private boolean fits(Message message) {
    String text = message.text();
    return (contains == null || text.contains(contains))
        && (regex == null || regex.matcher(text).find());
  }
}
