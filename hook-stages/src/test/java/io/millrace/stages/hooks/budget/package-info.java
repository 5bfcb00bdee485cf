@NullMarked
package io.millrace.stages.hooks.budget;

import org.jspecify.annotations.NullMarked;
