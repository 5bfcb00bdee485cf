/** Avro in the Confluent wire format. */
@NullMarked
package io.millrace.schemas.serde;

import org.jspecify.annotations.NullMarked;
