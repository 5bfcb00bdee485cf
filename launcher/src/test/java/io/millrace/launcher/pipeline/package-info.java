/** Tests of the pipeline in one process. */
@NullMarked
package io.millrace.launcher.pipeline;

import org.jspecify.annotations.NullMarked;
