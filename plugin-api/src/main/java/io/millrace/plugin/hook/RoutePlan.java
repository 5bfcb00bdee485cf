package io.millrace.plugin.hook;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes. Immutable.
 *
 * @param request the request that every attempt starts from
 * @param target what the first attempt aims at; null while nothing answers for the request's model
 * @param fallbacks what to try next, in order; targets whose provider is unknown or disabled are
 *     skipped when their turn comes
 */
public record RoutePlan(
    CompletionRequest request, @Nullable Target target, List<Target> fallbacks) {

  /** Copies the list. */
  public RoutePlan {
    Objects.requireNonNull(request, "request");
    fallbacks = List.copyOf(fallbacks);
  }

  /** This plan with another request. */
  public RoutePlan withRequest(CompletionRequest value) {
    return new RoutePlan(value, target, fallbacks);
  }

  /** This plan aimed elsewhere. */
  public RoutePlan withTarget(Target value) {
    return new RoutePlan(request, value, fallbacks);
  }

  /** This plan with other fallbacks. */
  public RoutePlan withFallbacks(List<Target> value) {
    return new RoutePlan(request, target, value);
  }
}
