/** The {@code metrics} hook: requests, errors, latency, tokens by provider and model. */
@NullMarked
package io.millrace.stages.hooks.metrics;

import org.jspecify.annotations.NullMarked;
