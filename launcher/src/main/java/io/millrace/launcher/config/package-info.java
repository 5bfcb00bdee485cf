/** The configuration file: reading, defaults, checks that report every fault at once. */
@NullMarked
package io.millrace.launcher.config;

import org.jspecify.annotations.NullMarked;
