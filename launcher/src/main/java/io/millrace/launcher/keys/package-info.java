/** Administration of keys, for the command line and for HTTP. */
@NullMarked
package io.millrace.launcher.keys;

import org.jspecify.annotations.NullMarked;
