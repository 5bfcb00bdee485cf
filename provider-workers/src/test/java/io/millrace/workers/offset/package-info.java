/** Tests of the workers (offset). */
@NullMarked
package io.millrace.workers.offset;

import org.jspecify.annotations.NullMarked;
