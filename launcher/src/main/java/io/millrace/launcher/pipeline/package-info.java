/** The pipeline's parts put together: all in this process, or one role of a larger whole. */
@NullMarked
package io.millrace.launcher.pipeline;

import org.jspecify.annotations.NullMarked;
