/**
 * The {@code redact} hook: takes personal data and secrets out of prompts, and may put them back
 * into replies. {@link io.millrace.stages.hooks.redact.Redactor} is what finds them, for logs too.
 */
@NullMarked
package io.millrace.stages.hooks.redact;

import org.jspecify.annotations.NullMarked;
