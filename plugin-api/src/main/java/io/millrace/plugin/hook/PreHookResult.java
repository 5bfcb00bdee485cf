package io.millrace.plugin.hook;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.PipelineError;
import java.time.Duration;

/** What a PreHook decides. */
public sealed interface PreHookResult {

  /**
   * Go on with this request, changed or not.
   *
   * @param request what the next hook sees
   */
  record Continue(CompletionRequest request) implements PreHookResult {}

  /**
   * Short-circuit with a response: later hooks and the provider are skipped.
   *
   * @param response what the PostHooks see
   */
  record Respond(Completion response) implements PreHookResult {}

  /**
   * Short-circuit with an error: later hooks and the provider are skipped.
   *
   * @param error what the PostHooks see
   */
  record Fail(PipelineError error) implements PreHookResult {}

  /**
   * Park the exchange and call this PreHook again later. The deadline still holds; a restart does
   * not matter. The hook has not run until it decides otherwise.
   *
   * @param duration how long, positive; rounded up to the clock of the stage, 100 ms
   */
  record Defer(Duration duration) implements PreHookResult {
    /** Checks the bound. */
    public Defer {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("a deferral is positive, not " + duration);
      }
    }
  }

  /**
   * Share one call: the first exchange to join a key goes on and leads, the others wait and take
   * its outcome as their own, without a call and without cost. When a leader fails, one of those
   * who wait leads instead.
   *
   * @param request what the next hook sees, if this exchange leads
   * @param key what the exchanges have in common, within the scope key; 1 to 256 characters
   */
  record Join(CompletionRequest request, String key) implements PreHookResult {
    /** The longest key, in characters. */
    public static final int MAX_KEY_CHARACTERS = 256;

    /** Checks the bound. */
    public Join {
      if (key.isEmpty() || key.length() > MAX_KEY_CHARACTERS) {
        throw new IllegalArgumentException(
            "a key to join has 1 to " + MAX_KEY_CHARACTERS + " characters, not " + key.length());
      }
    }
  }

  /** Go on with this request. */
  static PreHookResult proceed(CompletionRequest request) {
    return new Continue(request);
  }

  /** Short-circuit with a response. */
  static PreHookResult respond(Completion response) {
    return new Respond(response);
  }

  /** Short-circuit with an error. */
  static PreHookResult fail(PipelineError error) {
    return new Fail(error);
  }

  /** Park the exchange for a while. */
  static PreHookResult defer(Duration duration) {
    return new Defer(duration);
  }

  /** Share one call with every other exchange of this key. */
  static PreHookResult join(CompletionRequest request, String key) {
    return new Join(request, key);
  }
}
