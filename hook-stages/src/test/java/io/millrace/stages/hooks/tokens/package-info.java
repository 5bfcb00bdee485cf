@NullMarked
package io.millrace.stages.hooks.tokens;

import org.jspecify.annotations.NullMarked;
