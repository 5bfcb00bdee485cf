package io.millrace.launcher.pipeline;

import java.net.URI;
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
 */
record RunningRole(
    Role role,
    BooleanSupplier readiness,
    Supplier<Optional<Throwable>> fatal,
    AutoCloseable service,
    Optional<URI> address) {}
