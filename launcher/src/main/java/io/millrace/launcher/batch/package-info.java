/** The batch command: a file of prompts in, a file of results out, resumable at any moment. */
@NullMarked
package io.millrace.launcher.batch;

import org.jspecify.annotations.NullMarked;
