/** The provider contract: how a worker calls a model. */
@NullMarked
package io.millrace.plugin.provider;

import org.jspecify.annotations.NullMarked;
