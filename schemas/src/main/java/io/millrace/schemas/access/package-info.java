/** The pipeline's keys: their secrets, their topic, and how a key or a signature is checked. */
@NullMarked
package io.millrace.schemas.access;

import org.jspecify.annotations.NullMarked;
