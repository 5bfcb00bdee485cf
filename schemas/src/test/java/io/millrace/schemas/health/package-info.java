/** Tests of what is known of providers. */
@NullMarked
package io.millrace.schemas.health;

import org.jspecify.annotations.NullMarked;
