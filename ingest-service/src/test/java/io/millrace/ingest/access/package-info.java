@NullMarked
package io.millrace.ingest.access;

import org.jspecify.annotations.NullMarked;
