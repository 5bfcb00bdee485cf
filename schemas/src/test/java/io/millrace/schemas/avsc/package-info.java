/** The schemas as files: published, compatible, documented. */
@NullMarked
package io.millrace.schemas.avsc;

import org.jspecify.annotations.NullMarked;
