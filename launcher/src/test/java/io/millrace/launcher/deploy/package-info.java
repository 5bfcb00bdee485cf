/** Tests of the files that deploy the pipeline. */
@NullMarked
package io.millrace.launcher.deploy;

import org.jspecify.annotations.NullMarked;
