/** What operators ask of hooks about their state, from outside the stages. */
@NullMarked
package io.millrace.stages.operate;

import org.jspecify.annotations.NullMarked;
