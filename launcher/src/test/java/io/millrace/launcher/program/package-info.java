/** The program as tests start it. */
@NullMarked
package io.millrace.launcher.program;

import org.jspecify.annotations.NullMarked;
