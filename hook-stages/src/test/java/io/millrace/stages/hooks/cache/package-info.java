@NullMarked
package io.millrace.stages.hooks.cache;

import org.jspecify.annotations.NullMarked;
