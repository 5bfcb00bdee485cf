/** Runs the monitors that plugins bring. */
@NullMarked
package io.millrace.analytics.monitors;

import org.jspecify.annotations.NullMarked;
