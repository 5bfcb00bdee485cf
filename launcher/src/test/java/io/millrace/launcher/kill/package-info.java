@NullMarked
package io.millrace.launcher.kill;

import org.jspecify.annotations.NullMarked;
