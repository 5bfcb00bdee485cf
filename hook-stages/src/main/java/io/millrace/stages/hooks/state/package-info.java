/** How hooks write what they keep: few bytes, and no surprise when they are damaged. */
@NullMarked
package io.millrace.stages.hooks.state;

import org.jspecify.annotations.NullMarked;
