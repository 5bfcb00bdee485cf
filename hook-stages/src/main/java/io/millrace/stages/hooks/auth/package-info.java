/** The {@code auth} hook: what a request's key or token may do, asked before every attempt. */
@NullMarked
package io.millrace.stages.hooks.auth;

import org.jspecify.annotations.NullMarked;
