@NullMarked
package io.millrace.stages.hooks.logging;

import org.jspecify.annotations.NullMarked;
