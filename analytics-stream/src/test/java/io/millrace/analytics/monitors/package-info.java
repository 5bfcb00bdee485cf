/** Tests of monitors. */
@NullMarked
package io.millrace.analytics.monitors;

import org.jspecify.annotations.NullMarked;
