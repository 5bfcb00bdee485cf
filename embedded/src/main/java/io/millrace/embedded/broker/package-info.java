/** A KRaft broker inside this process, for one machine and for tests. */
@NullMarked
package io.millrace.embedded.broker;

import org.jspecify.annotations.NullMarked;
