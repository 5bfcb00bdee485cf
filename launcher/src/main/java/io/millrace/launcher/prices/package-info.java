/** What models cost, as a table with a date. */
@NullMarked
package io.millrace.launcher.prices;

import org.jspecify.annotations.NullMarked;
