/** What stands between a worker and a model: its circuit, its retry budget, its free places. */
@NullMarked
package io.millrace.workers.gate;

import org.jspecify.annotations.NullMarked;
