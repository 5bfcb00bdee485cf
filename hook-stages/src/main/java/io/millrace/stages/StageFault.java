package io.millrace.stages;

import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a fault of the stage itself that comes up in a hook's hands (a lost transaction, a store
 * that cannot be read), so that no hook can swallow it. Used by one thread.
 */
final class StageFault {

  private @Nullable KafkaException fault;

  /** Does what a hook asked of the stage; a fault goes on to the hook and is kept. */
  <T extends @Nullable Object> T guarded(Supplier<T> access) {
    try {
      return access.get();
    } catch (KafkaException e) {
      fault = e;
      throw e;
    }
  }

  /** The same for what returns nothing. */
  void guard(Runnable access) {
    try {
      access.run();
    } catch (KafkaException e) {
      fault = e;
      throw e;
    }
  }

  /** Throws what was kept, whatever the hook made of it. */
  void rethrow() {
    if (fault != null) {
      throw fault;
    }
  }
}
