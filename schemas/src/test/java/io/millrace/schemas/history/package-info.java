@NullMarked
package io.millrace.schemas.history;

import org.jspecify.annotations.NullMarked;
