/** The models that providers say they have. */
@NullMarked
package io.millrace.schemas.models;

import org.jspecify.annotations.NullMarked;
