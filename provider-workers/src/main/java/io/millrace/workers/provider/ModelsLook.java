package io.millrace.workers.provider;

import io.millrace.plugin.provider.ModelInfo;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a provider which models it has.
 *
 * @param name the provider's, for logs
 * @param transport sends the question
 * @param maxBytes the longest answer that is taken
 */
record ModelsLook(String name, HttpTransport transport, int maxBytes) {

  private static final Logger LOG = LoggerFactory.getLogger(ModelsLook.class);

  /** What it answers; empty, and a line in the log, where that is no list of models. */
  Optional<List<ModelInfo>> at(HttpRequest request, Duration timeout) throws InterruptedException {
    try (HttpAnswer answer = transport.send(request, timeout)) {
      if (answer.status() != HttpReplies.OK) {
        return unknown("it answered " + answer.status());
      }
      List<ModelInfo> models = ModelList.read(ChatCompletions.parse(answer.all(maxBytes)));
      return models.isEmpty() ? unknown("its list has none that chats") : Optional.of(models);
    } catch (CallTimeoutException | InvalidBodyException e) {
      return unknown(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return unknown(e.getClass().getSimpleName());
    }
  }

  private Optional<List<ModelInfo>> unknown(String why) {
    LOG.warn("provider {} did not say which models it has: {}", name, why);
    return Optional.empty();
  }
}
