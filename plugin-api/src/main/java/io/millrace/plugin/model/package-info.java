/** What travels through the pipeline, as plugins see it: immutable values without any library. */
@NullMarked
package io.millrace.plugin.model;

import org.jspecify.annotations.NullMarked;
