/** Providers of type {@code engine}: models that run in the worker's own process. */
@NullMarked
package io.millrace.workers.engine;

import org.jspecify.annotations.NullMarked;
