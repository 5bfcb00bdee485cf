/** Tests of analytics: pure decisions, the topology, a broker. */
@NullMarked
package io.millrace.analytics;

import org.jspecify.annotations.NullMarked;
