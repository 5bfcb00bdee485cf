/** What is known of the health of providers. */
@NullMarked
package io.millrace.schemas.health;

import org.jspecify.annotations.NullMarked;
