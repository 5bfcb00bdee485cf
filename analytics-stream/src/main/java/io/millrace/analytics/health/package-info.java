/** How fit providers are: figures of their recent calls, and the rules that judge them. */
@NullMarked
package io.millrace.analytics.health;

import org.jspecify.annotations.NullMarked;
