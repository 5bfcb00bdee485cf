package io.millrace.workers;

import io.millrace.plugin.provider.ProviderReply;

/** Makes one call with one key. Blocks the calling thread. Thread-safe. */
@FunctionalInterface
interface Caller {

  /**
   * Makes it.
   *
   * @throws InterruptedException when the thread is interrupted
   */
  ProviderReply call(KeyedCall call) throws InterruptedException;
}
