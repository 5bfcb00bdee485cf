/** A routing strategy that splits requests by weight. */
@NullMarked
package weighted;

import org.jspecify.annotations.NullMarked;
