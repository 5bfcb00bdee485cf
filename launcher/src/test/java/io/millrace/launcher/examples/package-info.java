/** Tests of the plugins under examples/plugins: built and run as they lie. */
@NullMarked
package io.millrace.launcher.examples;

import org.jspecify.annotations.NullMarked;
