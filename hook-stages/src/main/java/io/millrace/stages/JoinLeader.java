package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;

/**
 * Which exchange of several goes on for all of them, in which attempt.
 *
 * @param exchangeId the exchange
 * @param attempt its attempt
 */
record JoinLeader(String exchangeId, int attempt) {

  private static final char SEPARATOR = ' ';

  /** An exchange as it is now. */
  static JoinLeader of(Exchange exchange) {
    return new JoinLeader(exchange.getExchangeId(), exchange.getAttempt());
  }

  /** What {@link #text} says. */
  static JoinLeader of(String text) {
    int end = text.indexOf(SEPARATOR);
    return new JoinLeader(text.substring(end + 1), Integer.parseInt(text.substring(0, end)));
  }

  /** Itself as a store in memory keeps it; nothing that is written outlives the process. */
  String text() {
    return attempt + String.valueOf(SEPARATOR) + exchangeId;
  }
}
