@NullMarked
package io.millrace.stages.hooks.auth;

import org.jspecify.annotations.NullMarked;
