@NullMarked
package io.millrace.stages.routing;

import org.jspecify.annotations.NullMarked;
