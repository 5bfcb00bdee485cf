package io.millrace.stages.hooks.ratelimit;

import java.util.Locale;

/**
 * A place in the order of those who wait. Every one that waits has one, the same at all limits it
 * waits for; so whoever has the first is held up by nobody, and no two can hold up each other.
 *
 * @param tag the virtual time at which its turn begins
 * @param number of several with one tag, lower comes first
 */
record Ticket(long tag, long number) {

  /** Sorts as tickets do. */
  String text() {
    return String.format(Locale.ROOT, "%016x%016x", tag, number);
  }

  static Ticket of(String text) {
    return new Ticket(
        Long.parseLong(text.substring(0, 16), 16), Long.parseLong(text.substring(16, 32), 16));
  }
}
