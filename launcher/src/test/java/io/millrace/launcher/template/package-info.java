/** Tests of the projects that plugins begin with. */
@NullMarked
package io.millrace.launcher.template;

import org.jspecify.annotations.NullMarked;
