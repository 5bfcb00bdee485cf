/** Micro benchmarks of the parts, for JMH. */
@NullMarked
package io.millrace.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
