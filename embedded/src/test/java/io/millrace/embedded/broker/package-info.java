/** The broker suites' fixture, and the embedded broker's own tests. */
@NullMarked
package io.millrace.embedded.broker;

import org.jspecify.annotations.NullMarked;
