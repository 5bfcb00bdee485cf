/** Which provider and model a request goes to, and why. */
@NullMarked
package io.millrace.stages.routing;

import org.jspecify.annotations.NullMarked;
