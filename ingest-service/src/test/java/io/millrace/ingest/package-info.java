@NullMarked
package io.millrace.ingest;

import org.jspecify.annotations.NullMarked;
