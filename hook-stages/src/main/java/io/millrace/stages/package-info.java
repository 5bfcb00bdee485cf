/** The home stage: the Kafka Streams topology that owns every exchange and runs the hooks. */
@NullMarked
package io.millrace.stages;

import org.jspecify.annotations.NullMarked;
