/** What plugins are made of: hooks, providers and the model they share. */
@NullMarked
package io.millrace.plugin;

import org.jspecify.annotations.NullMarked;
