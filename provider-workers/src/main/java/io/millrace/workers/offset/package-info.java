/** Which records of a partition are done, and how that fits into a commit. */
@NullMarked
package io.millrace.workers.offset;

import org.jspecify.annotations.NullMarked;
