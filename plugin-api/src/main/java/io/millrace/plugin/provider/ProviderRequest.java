package io.millrace.plugin.provider;

import io.millrace.plugin.model.CompletionRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call to make.
 *
 * @param request what to ask; its {@code model} is what the caller wrote, not necessarily this
 *     one's
 * @param model the model as this provider names it
 * @param callId the same for every repetition of the same attempt: good as an idempotency key
 * @param apiKey the secret to authenticate with, or null when the provider needs none; never log it
 * @param timeout the most this call may take in all
 */
public record ProviderRequest(
    CompletionRequest request,
    String model,
    String callId,
    @Nullable String apiKey,
    Duration timeout) {

  /** Hides the secret. */
  @Override
  public String toString() {
    return "ProviderRequest[model=" + model + ", callId=" + callId + ", timeout=" + timeout + "]";
  }
}
