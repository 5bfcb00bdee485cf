/** The routing strategies that come with Millrace. */
@NullMarked
package io.millrace.stages.routing.strategies;

import org.jspecify.annotations.NullMarked;
