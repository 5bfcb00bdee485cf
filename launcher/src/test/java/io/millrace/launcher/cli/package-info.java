/** Tests of the command line. */
@NullMarked
package io.millrace.launcher.cli;

import org.jspecify.annotations.NullMarked;
