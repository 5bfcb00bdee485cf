@NullMarked
package io.millrace.schemas.access;

import org.jspecify.annotations.NullMarked;
