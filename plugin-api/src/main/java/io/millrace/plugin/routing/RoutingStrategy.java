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

  /**
   * Why it ranks a candidate where it does: a few words for a person, such as {@code score 1094}.
   * Called for the candidate that was chosen, and for all when somebody asks.
   *
   * @return at most 100 characters; empty where there is nothing to say
   */
  default String explain(CompletionRequest request, Candidate candidate, RequestContext context) {
    return "";
  }

  /** Releases what the strategy holds. Called once. */
  @Override
  default void close() {}
}
