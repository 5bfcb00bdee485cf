package io.millrace.schemas.health;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;

/** Which models of providers operators have blocked. Thread-safe; looking up never waits. */
@FunctionalInterface
public interface ProviderBlockView {

  /** Nothing is blocked. */
  ProviderBlockView NONE = (provider, model) -> false;

  /** Whether a model may not be called, by itself or because its whole provider may not. */
  boolean isBlocked(String provider, String model);

  /** What becomes of an attempt that aims at what is blocked: its fallbacks are tried. */
  static PipelineError refusal(Target target) {
    return ErrorCode.PROVIDER_UNAVAILABLE
        .error("%s is blocked by an operator".formatted(target))
        .withAllowFallbacks(true);
  }
}
