@NullMarked
package io.millrace.launcher.promises;

import org.jspecify.annotations.NullMarked;
