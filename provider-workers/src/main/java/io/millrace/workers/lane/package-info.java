/** Whose turn it is among what waits. */
@NullMarked
package io.millrace.workers.lane;

import org.jspecify.annotations.NullMarked;
