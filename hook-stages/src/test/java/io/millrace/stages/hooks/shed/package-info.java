@NullMarked
package io.millrace.stages.hooks.shed;

import org.jspecify.annotations.NullMarked;
