/** What happened to one request, read from the topics that say so. */
@NullMarked
package io.millrace.schemas.history;

import org.jspecify.annotations.NullMarked;
