/** Copies of results for topics that requests name. */
@NullMarked
package io.millrace.stages.reply;

import org.jspecify.annotations.NullMarked;
