/** The providers that come with the workers. */
@NullMarked
package io.millrace.workers.provider;

import org.jspecify.annotations.NullMarked;
