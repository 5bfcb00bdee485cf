@NullMarked
package io.millrace.launcher.prices;

import org.jspecify.annotations.NullMarked;
