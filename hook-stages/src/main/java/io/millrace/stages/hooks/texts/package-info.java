/** The texts of requests and replies, as hooks that rewrite them see them. */
@NullMarked
package io.millrace.stages.hooks.texts;

import org.jspecify.annotations.NullMarked;
