/** Who asks, and what they may do. */
@NullMarked
package io.millrace.plugin.access;

import org.jspecify.annotations.NullMarked;
