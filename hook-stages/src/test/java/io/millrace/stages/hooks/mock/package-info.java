@NullMarked
package io.millrace.stages.hooks.mock;

import org.jspecify.annotations.NullMarked;
