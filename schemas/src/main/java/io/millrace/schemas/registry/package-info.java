/** The schema registry: one interface, a REST client and an in-memory registry. */
@NullMarked
package io.millrace.schemas.registry;

import org.jspecify.annotations.NullMarked;
