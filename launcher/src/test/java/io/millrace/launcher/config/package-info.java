/** Tests of the configuration. */
@NullMarked
package io.millrace.launcher.config;

import org.jspecify.annotations.NullMarked;
