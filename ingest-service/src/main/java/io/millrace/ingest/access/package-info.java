/** Who sends a request: keys, tokens and signatures, checked at the edge. */
@NullMarked
package io.millrace.ingest.access;

import org.jspecify.annotations.NullMarked;
