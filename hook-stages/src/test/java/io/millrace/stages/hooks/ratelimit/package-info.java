@NullMarked
package io.millrace.stages.hooks.ratelimit;

import org.jspecify.annotations.NullMarked;
