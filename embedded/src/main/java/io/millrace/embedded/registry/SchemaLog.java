package io.millrace.embedded.registry;

import java.util.Optional;
import java.util.function.Consumer;

/** Where the registry's changes are kept, in order. One writer. */
interface SchemaLog extends AutoCloseable {

  /**
   * Hands every record that was kept to the applier, then those to come. Returns when all that were
   * there at the call are applied.
   *
   * @throws RegistryFault when the log cannot be read
   */
  void replay(Consumer<LogRecord> applier);

  /**
   * Keeps a record and returns when it was read back and applied.
   *
   * @throws RegistryFault when it could not be kept, or not be read back in time
   */
  void append(LogRecord change);

  /** Why nothing more will be read back, if that is so. */
  Optional<Throwable> failure();

  @Override
  void close();
}
