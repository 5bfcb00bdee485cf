@NullMarked
package io.millrace.stages.plan;

import org.jspecify.annotations.NullMarked;
