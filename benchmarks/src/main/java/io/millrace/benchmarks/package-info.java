/**
 * Load scenarios over whole pipelines. Each measures its baseline in the same run, prints a table
 * and writes a JSON file; none passes or fails by time.
 */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
