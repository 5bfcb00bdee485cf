@NullMarked
package io.millrace.launcher.batch;

import org.jspecify.annotations.NullMarked;
