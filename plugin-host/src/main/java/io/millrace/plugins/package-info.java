/** Finds, compiles, fetches and loads plugins, each apart from the others and from the host. */
@NullMarked
package io.millrace.plugins;

import org.jspecify.annotations.NullMarked;
