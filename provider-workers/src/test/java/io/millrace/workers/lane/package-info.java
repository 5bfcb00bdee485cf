@NullMarked
package io.millrace.workers.lane;

import org.jspecify.annotations.NullMarked;
