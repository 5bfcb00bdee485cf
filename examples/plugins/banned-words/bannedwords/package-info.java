/** A hook that keeps words out of prompts and answers. */
@NullMarked
package bannedwords;

import org.jspecify.annotations.NullMarked;
