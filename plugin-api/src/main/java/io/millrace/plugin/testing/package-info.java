/** What a plugin's own unit tests need: a context, state, a clock and meters, all without Kafka. */
@NullMarked
package io.millrace.plugin.testing;

import org.jspecify.annotations.NullMarked;
