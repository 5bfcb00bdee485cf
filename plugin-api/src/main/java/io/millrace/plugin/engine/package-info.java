/** Models that run in a worker's own process: how model files are read, and what executes them. */
@NullMarked
package io.millrace.plugin.engine;

import org.jspecify.annotations.NullMarked;
