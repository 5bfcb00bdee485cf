package io.millrace.workers;

import io.millrace.plugin.model.Usage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call that was made.
 *
 * @param number its place in the attempt, from 1
 * @param keyName the key used, or null where there is none
 * @param errorCode null when it succeeded
 * @param usage null when it failed
 */
record CallTrace(
    int number,
    @Nullable String keyName,
    Instant startedAt,
    long latencyMicros,
    @Nullable Integer httpStatus,
    @Nullable String errorCode,
    @Nullable Usage usage,
    long costNanos) {}
