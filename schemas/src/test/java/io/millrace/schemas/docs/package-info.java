/** The pages in docs that state facts of this module. */
@NullMarked
package io.millrace.schemas.docs;

import org.jspecify.annotations.NullMarked;
