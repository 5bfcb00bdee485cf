@NullMarked
package io.millrace.stages.hooks.settings;

import org.jspecify.annotations.NullMarked;
