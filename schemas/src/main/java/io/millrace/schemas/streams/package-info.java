/** How the services run their Kafka Streams applications; needs kafka-streams on the class path. */
@NullMarked
package io.millrace.schemas.streams;

import org.jspecify.annotations.NullMarked;
