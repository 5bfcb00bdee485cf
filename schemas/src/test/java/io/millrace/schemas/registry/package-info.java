/** The registry's client against scripted servers on loopback. */
@NullMarked
package io.millrace.schemas.registry;

import org.jspecify.annotations.NullMarked;
