/** The OpenAI chat completions wire format, both ways. */
@NullMarked
package io.millrace.schemas.openai;

import org.jspecify.annotations.NullMarked;
