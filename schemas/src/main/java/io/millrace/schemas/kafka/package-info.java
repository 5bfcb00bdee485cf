/** How the services reach the cluster and the registry. */
@NullMarked
package io.millrace.schemas.kafka;

import org.jspecify.annotations.NullMarked;
