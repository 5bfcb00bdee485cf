/** What every file of the project keeps to. */
@NullMarked
package io.millrace.launcher.style;

import org.jspecify.annotations.NullMarked;
