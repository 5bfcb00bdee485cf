/** The hook contract: a plugin's PreHook and PostHook. */
@NullMarked
package io.millrace.plugin.hook;

import org.jspecify.annotations.NullMarked;
