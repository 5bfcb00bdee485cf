/** Tests of the workers (provider). */
@NullMarked
package io.millrace.workers.provider;

import org.jspecify.annotations.NullMarked;
