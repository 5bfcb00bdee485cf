/** Projects of plugins to begin with. */
@NullMarked
package io.millrace.launcher.template;

import org.jspecify.annotations.NullMarked;
