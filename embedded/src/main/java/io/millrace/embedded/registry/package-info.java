/** A schema registry inside the process, which keeps its schemas in Kafka. For one machine. */
@NullMarked
package io.millrace.embedded.registry;

import org.jspecify.annotations.NullMarked;
