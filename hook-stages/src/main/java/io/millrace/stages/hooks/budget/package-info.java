/** The {@code budget} hook: money per day, month or in all, reserved before each call. */
@NullMarked
package io.millrace.stages.hooks.budget;

import org.jspecify.annotations.NullMarked;
