/** Watching the figures of the pipeline, and raising alerts. */
@NullMarked
package io.millrace.plugin.monitor;

import org.jspecify.annotations.NullMarked;
