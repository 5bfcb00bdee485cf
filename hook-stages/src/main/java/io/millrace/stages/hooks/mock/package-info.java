/** The {@code mock} hook: replies by rules in the provider's place, for tests. */
@NullMarked
package io.millrace.stages.hooks.mock;

import org.jspecify.annotations.NullMarked;
