@NullMarked
package io.millrace.stages.hooks.validate;

import org.jspecify.annotations.NullMarked;
