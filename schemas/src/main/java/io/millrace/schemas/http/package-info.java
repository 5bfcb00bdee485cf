/** What clients over HTTP share. */
@NullMarked
package io.millrace.schemas.http;

import org.jspecify.annotations.NullMarked;
