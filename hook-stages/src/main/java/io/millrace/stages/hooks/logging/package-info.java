/** The {@code logging} hook: one structured line per request and outcome, sampled and redacted. */
@NullMarked
package io.millrace.stages.hooks.logging;

import org.jspecify.annotations.NullMarked;
