/** Stores in front of others, against a plain map. */
@NullMarked
package io.millrace.schemas.streams;

import org.jspecify.annotations.NullMarked;
