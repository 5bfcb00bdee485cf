@NullMarked
package io.millrace.stages.hooks.redact;

import org.jspecify.annotations.NullMarked;
