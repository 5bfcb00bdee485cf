package echo;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Answers with the last message; one that begins with {@code fail:} fails, to try fallbacks. Blocks
 * for a configured delay, as a provider may. Thread-safe: it has no state.
 */
final class Echo implements Provider {

  private static final String FAIL = "fail:";

  private final Duration delay;
  private final InstantSource clock;

  Echo(Duration delay, InstantSource clock) {
    this.delay = delay;
    this.clock = clock;
  }

  @Override
  public ProviderReply complete(ProviderRequest request) throws InterruptedException {
    Thread.sleep(delay);
    String text = request.request().messages().getLast().text();
    return text.startsWith(FAIL) ? failure(text) : success(request, text);
  }

  private ProviderReply success(ProviderRequest request, String text) {
    Completion answer =
        Completion.ofText(
            request.callId(),
            request.model(),
            clock.instant().getEpochSecond(),
            text,
            Usage.of(words(request.request()), words(text)));
    return new ProviderReply.Success(answer, null);
  }

  private static ProviderReply failure(String text) {
    PipelineError error =
        new PipelineError(
            "upstream_error",
            ErrorCategory.UPSTREAM,
            "echo was asked to fail: " + text.substring(FAIL.length()).strip(),
            502,
            null,
            null,
            null);
    return new ProviderReply.Failure(FailureClass.REQUEST_REJECTED, error, null);
  }

  private static int words(CompletionRequest request) {
    return request.messages().stream().map(Message::text).mapToInt(Echo::words).sum();
  }

  private static int words(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+").length;
  }
}
