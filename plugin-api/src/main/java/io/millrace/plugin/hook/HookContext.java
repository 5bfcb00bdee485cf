package io.millrace.plugin.hook;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import java.util.Optional;

/**
 * What a hook may know of the attempt it sees, and how it leaves notes. Valid during the call only.
 */
public interface HookContext extends RequestContext {

  /** Which attempt this is, from 1. */
  int attempt();

  /** The provider and model that this attempt aims at. */
  Target target();

  /** A note that this hook left for itself in this attempt, wherever it ran. */
  Optional<String> attribute(String name);

  /**
   * Leaves a note for this hook's own PostHook of the same attempt.
   *
   * @param name at most 64 characters
   * @param value at most 4,096 characters
   * @throws IllegalArgumentException when a bound is exceeded, naming it
   */
  void setAttribute(String name, String value);

  /**
   * Tells the caller something beyond the answer: an HTTP header of the answer, and a field of the
   * result on its topic. The latest value of a name counts, also over attempts.
   *
   * @param name lower case letters, digits and hyphens, at most 64; not one that HTTP itself needs
   * @param value at most 256 printable ASCII characters
   * @throws IllegalArgumentException when a bound is exceeded, naming it, and past 32 names
   */
  void setResponseHeader(String name, String value);

  /**
   * The key of a request's content, by which {@link Scope#CONTENT} brings exchanges together: equal
   * for requests that ask the same of this attempt's target, in whatever order and spelling their
   * parameters were sent.
   *
   * @return 64 hexadecimal digits
   */
  String contentHash(CompletionRequest request);

  /**
   * What the provider's calls of this attempt have cost, as its result will say; in nano-dollars. 0
   * before the call, and where the outcome came from elsewhere.
   */
  default long costNanos() {
    return 0;
  }

  /**
   * Whether the outcome of this attempt came from the provider: false in {@link Hook#postHook}
   * where a hook answered or refused in its place, or another request's answer is shared.
   */
  default boolean fromProvider() {
    return true;
  }
}
