@NullMarked
package io.millrace.stages;

import org.jspecify.annotations.NullMarked;
