/** Tests of what stands between a worker and a model. */
@NullMarked
package io.millrace.workers.gate;

import org.jspecify.annotations.NullMarked;
