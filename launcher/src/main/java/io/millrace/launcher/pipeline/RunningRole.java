package io.millrace.launcher.pipeline;

import io.millrace.stages.HookStatus;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A role that was started. Thread-safe.
 *
 * @param role which
 * @param readiness whether it does its work, or is still getting ready
 * @param fatal why it stopped by itself, if it did
 * @param service what to close; closing drains
 * @param address where it listens, if it does
 * @param hooks how its hooks do; empty where it has none
 */
record RunningRole(
    Role role,
    BooleanSupplier readiness,
    Supplier<Optional<Throwable>> fatal,
    AutoCloseable service,
    Optional<URI> address,
    Supplier<List<HookStatus>> hooks) {

  /** A role without hooks. */
  RunningRole(
      Role role,
      BooleanSupplier readiness,
      Supplier<Optional<Throwable>> fatal,
      AutoCloseable service,
      Optional<URI> address) {
    this(role, readiness, fatal, service, address, List::of);
  }
}
