@NullMarked
package io.millrace.stages.hooks.headers;

import org.jspecify.annotations.NullMarked;
