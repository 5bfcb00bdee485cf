/** Cache strategies: how long an answer is kept, which one leaves first, what is fetched ahead. */
@NullMarked
package io.millrace.plugin.cache;

import org.jspecify.annotations.NullMarked;
