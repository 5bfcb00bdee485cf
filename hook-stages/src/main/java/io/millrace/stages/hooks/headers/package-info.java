/** The {@code headers} middleware: tells callers what became of their request, in headers. */
@NullMarked
package io.millrace.stages.hooks.headers;

import org.jspecify.annotations.NullMarked;
