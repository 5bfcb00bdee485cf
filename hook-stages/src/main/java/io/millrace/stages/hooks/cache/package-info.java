/** The {@code cache} hook: answers equal requests from state, and lets those in flight share. */
@NullMarked
package io.millrace.stages.hooks.cache;

import org.jspecify.annotations.NullMarked;
