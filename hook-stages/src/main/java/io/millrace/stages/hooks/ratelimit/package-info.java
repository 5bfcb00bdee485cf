/** The {@code rate-limit} hook: requests and tokens per time, refused or waited for. */
@NullMarked
package io.millrace.stages.hooks.ratelimit;

import org.jspecify.annotations.NullMarked;
