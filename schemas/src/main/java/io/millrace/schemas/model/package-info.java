/** Between the Avro records and the plugin model. */
@NullMarked
package io.millrace.schemas.model;

import org.jspecify.annotations.NullMarked;
