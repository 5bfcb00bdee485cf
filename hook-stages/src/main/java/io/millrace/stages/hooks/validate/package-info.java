/**
 * The {@code validate} hook: holds requests to bounds and models to their limits, cleans replies.
 */
@NullMarked
package io.millrace.stages.hooks.validate;

import org.jspecify.annotations.NullMarked;
