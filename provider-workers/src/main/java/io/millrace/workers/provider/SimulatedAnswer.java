package io.millrace.workers.provider;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the simulated provider answers: it follows from the seed and the request. */
final class SimulatedAnswer {

  private SimulatedAnswer() {}

  static Completion to(ProviderRequest request, SimulatedSettings settings, Instant now) {
    String prompt = lastUserText(request.request().messages());
    Integer asked = request.request().maxTokens();
    int most = asked == null ? Integer.MAX_VALUE : Math.max(1, asked);
    int tokens = Math.min(most, settings.completionTokens());
    boolean cut = tokens < settings.completionTokens();
    String text = SimulatedText.answer(prompt, tokens, settings.seed());
    Usage usage =
        Usage.of(SimulatedText.tokens(charactersOf(request.request().messages())), tokens);
    Message message = Message.assistant(text);
    return new Completion(
        "sim-" + Integer.toHexString(request.callId().hashCode()),
        request.model(),
        now.getEpochSecond(),
        List.of(new Completion.Choice(0, message, cut ? "length" : "stop", Map.of())),
        usage,
        Map.of());
  }

  private static String lastUserText(List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).role().equals("user")) {
        return messages.get(i).text();
      }
    }
    return "";
  }

  private static long charactersOf(List<Message> messages) {
    return messages.stream().mapToLong(message -> message.text().length()).sum();
  }
}
