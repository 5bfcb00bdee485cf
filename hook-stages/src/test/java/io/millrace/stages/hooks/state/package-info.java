@NullMarked
package io.millrace.stages.hooks.state;

import org.jspecify.annotations.NullMarked;
