/** The registry contract, run against the embedded registry and against others. */
@NullMarked
package io.millrace.embedded.registry;

import org.jspecify.annotations.NullMarked;
