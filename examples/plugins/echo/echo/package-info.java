/** A provider type that needs no network. */
@NullMarked
package echo;

import org.jspecify.annotations.NullMarked;
