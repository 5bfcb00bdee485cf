/** Settings held to a JSON Schema: defaults, types, and every fault said in people's words. */
@NullMarked
package io.millrace.plugins.schema;

import org.jspecify.annotations.NullMarked;
