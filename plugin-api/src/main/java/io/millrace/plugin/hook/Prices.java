package io.millrace.plugin.hook;

import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.TokenPrice;

/** What models cost, as the configuration says. Thread-safe; never waits. */
@FunctionalInterface
public interface Prices {

  /** Nothing costs anything. */
  Prices FREE = target -> TokenPrice.FREE;

  /** The price of a model; {@link TokenPrice#FREE} where none is configured. */
  TokenPrice of(Target target);
}
