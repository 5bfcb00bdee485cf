@NullMarked
package io.millrace.workers.gate;

import org.jspecify.annotations.NullMarked;
