@NullMarked
package io.millrace.stages.hooks.quota;

import org.jspecify.annotations.NullMarked;
