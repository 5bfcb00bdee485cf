package io.millrace.plugin.routing;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import java.util.List;

/**
 * Chooses where a request goes. One instance serves the whole process and is called from several
 * stream threads at once, so an implementation must be thread-safe; it must not block.
 */
public interface RoutingStrategy extends AutoCloseable {

  /**
   * Puts the candidates into the order in which they are tried. Called once per request that has
   * more than one.
   *
   * @param candidates at least two, in the order the request and the configuration give them
   * @return the best first, the others as fallbacks; may leave some out, never empty, and names
   *     nothing but candidates
   */
  List<Target> rank(CompletionRequest request, List<Candidate> candidates, RequestContext context);

  /** Releases what the strategy holds. Called once. */
  @Override
  default void close() {}
}
