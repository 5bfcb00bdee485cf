/** A middleware that tells callers how long their answer took. */
@NullMarked
package answertime;

import org.jspecify.annotations.NullMarked;
