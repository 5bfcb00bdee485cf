@NullMarked
package io.millrace.stages.hooks.metrics;

import org.jspecify.annotations.NullMarked;
