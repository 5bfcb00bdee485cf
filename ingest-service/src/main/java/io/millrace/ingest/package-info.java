/**
 * The way in: admission of requests from HTTP and from the requests topic, callers who wait for
 * their result, and results by id. {@link io.millrace.ingest.IngestService} is the entry point.
 */
@NullMarked
package io.millrace.ingest;

import org.jspecify.annotations.NullMarked;
