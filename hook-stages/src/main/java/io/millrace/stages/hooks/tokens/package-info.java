/** How many tokens a request may use, told before anybody has counted them. */
@NullMarked
package io.millrace.stages.hooks.tokens;

import org.jspecify.annotations.NullMarked;
