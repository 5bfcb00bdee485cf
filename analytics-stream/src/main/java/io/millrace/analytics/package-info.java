/** Windows, percentiles, costs and alerts over every provider call. */
@NullMarked
package io.millrace.analytics;

import org.jspecify.annotations.NullMarked;
