/** The {@code shed} hook: under overload it leaves out what matters least. */
@NullMarked
package io.millrace.stages.hooks.shed;

import org.jspecify.annotations.NullMarked;
