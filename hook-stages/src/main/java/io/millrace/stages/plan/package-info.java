/** The plan of the stages: which hooks run together, on which topics, with which stores. */
@NullMarked
package io.millrace.stages.plan;

import org.jspecify.annotations.NullMarked;
