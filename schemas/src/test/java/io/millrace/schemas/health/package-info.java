@NullMarked
package io.millrace.schemas.health;

import org.jspecify.annotations.NullMarked;
