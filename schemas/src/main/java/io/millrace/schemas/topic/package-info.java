/** Every topic there is: names, values, partitions and retention, and the headers records carry. */
@NullMarked
package io.millrace.schemas.topic;

import org.jspecify.annotations.NullMarked;
