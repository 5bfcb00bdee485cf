@NullMarked
package io.millrace.workers.engine;

import org.jspecify.annotations.NullMarked;
