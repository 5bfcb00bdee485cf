/** A monitor that watches what each tenant spends. */
@NullMarked
package spendwatch;

import org.jspecify.annotations.NullMarked;
