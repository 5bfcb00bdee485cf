package io.millrace.stages.hooks.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Collects what is wrong with one request, up to a bound. Used by one thread. */
final class Faults {

  /** More than these do not help anybody. */
  static final int MAX = 5;

  private final List<Fault> faults = new ArrayList<>();

  void add(String kind, String field, String text, Object... arguments) {
    if (faults.size() < MAX) {
      faults.add(new Fault(field, String.format(Locale.ROOT, text, arguments), kind));
    }
  }

  /** Adds a fault where a count is over its bound. */
  void atMost(String kind, String field, String what, long count, long bound) {
    if (count > bound) {
      add(kind, field, "has %,d %s, at most %,d are allowed", count, what, bound);
    }
  }

  boolean none() {
    return faults.isEmpty();
  }

  boolean full() {
    return faults.size() == MAX;
  }

  Fault first() {
    return faults.getFirst();
  }

  /** All of them in one line. */
  String message() {
    return faults.stream().map(Fault::toString).collect(Collectors.joining("; "));
  }
}
