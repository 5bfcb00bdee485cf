/** Frames byte by byte, garbage, and what clients configure. */
@NullMarked
package io.millrace.schemas.serde;

import org.jspecify.annotations.NullMarked;
