/** Choosing among providers and models. */
@NullMarked
package io.millrace.plugin.routing;

import org.jspecify.annotations.NullMarked;
