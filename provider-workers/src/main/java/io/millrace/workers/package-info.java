/** Workers that consume dispatch topics, call providers and send the outcomes back. */
@NullMarked
package io.millrace.workers;

import org.jspecify.annotations.NullMarked;
