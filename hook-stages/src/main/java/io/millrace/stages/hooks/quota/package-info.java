/**
 * What hooks that hand out a share of something have in common: whom a share is for, how it is
 * configured, and how it is shown.
 */
@NullMarked
package io.millrace.stages.hooks.quota;

import org.jspecify.annotations.NullMarked;
