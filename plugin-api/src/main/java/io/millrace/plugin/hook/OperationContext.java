package io.millrace.plugin.hook;

import java.time.Instant;
import java.util.Map;

/** What a hook has at hand when an operator asks. Valid during the call only. */
public interface OperationContext {

  /** The key whose state it is about: the tenant, for a hook of scope tenant. */
  String scopeKey();

  /** The current time. */
  Instant now();

  /**
   * The hook's state under the scope key. Changes and the answer are one transaction.
   *
   * @throws IllegalStateException for a hook that keeps no state
   */
  KeyedState state();

  /** Puts an event on the {@code events} topic, see {@link RequestContext#emit}. */
  void emit(String type, Map<String, String> attributes);
}
