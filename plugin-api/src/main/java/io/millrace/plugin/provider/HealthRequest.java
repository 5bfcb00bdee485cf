package io.millrace.plugin.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One look at a provider's health.
 *
 * @param apiKey the secret to authenticate with, or null when the provider needs none; never log it
 * @param timeout the most this may take in all
 */
public record HealthRequest(@Nullable String apiKey, Duration timeout) {

  /** Hides the secret. */
  @Override
  public String toString() {
    return "HealthRequest[timeout=" + timeout + "]";
  }
}
