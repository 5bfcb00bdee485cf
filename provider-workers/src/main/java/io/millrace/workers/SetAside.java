package io.millrace.workers;

import io.millrace.workers.Ending.Setback;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The records of a partition that were begun, may not be called now, and went back to the topic,
 * because enough of their model are postponed. They stand in a line of their model's, not of their
 * tenant's, so what else their tenant wants does not wait for them. Owned by the poll thread.
 */
final class SetAside {

  /** The most of a partition, some 4 MB. */
  static final int MAX = 20_000;

  /** Begins the names of lines; no tenant's name does. */
  private static final char MARK = '\0';

  private final TreeMap<Long, Aside> byOffset = new TreeMap<>();

  /** The line that a model's records stand in. */
  static String line(String model) {
    return MARK + model;
  }

  /** Whether this is the name of a line, not of a tenant. */
  static boolean isLine(String name) {
    return !name.isEmpty() && name.charAt(0) == MARK;
  }

  /** The model whose line it is. */
  static String modelOf(String line) {
    return line.substring(1);
  }

  /** Puts a record in; false when there are too many. */
  boolean add(long offset, String line, Setback setback) {
    if (byOffset.size() >= MAX) {
      return false;
    }
    byOffset.put(offset, new Aside(line, setback));
    return true;
  }

  /** The line that a record stands in, or its tenant where it stands in none. */
  String lineOf(long offset, byte @Nullable [] key) {
    Aside aside = byOffset.isEmpty() ? null : byOffset.get(offset);
    return aside == null ? Backlog.tenantOf(key) : aside.line();
  }

  /** Takes a record out that is begun anew; says what it has behind it. */
  Setback begun(long offset) {
    Aside aside = byOffset.isEmpty() ? null : byOffset.remove(offset);
    return aside == null ? Setback.NONE : aside.setback();
  }

  /** Forgets what is below an offset: it vanished from the topic. */
  void forgetBelow(long offset) {
    byOffset.headMap(offset).clear();
  }

  int size() {
    return byOffset.size();
  }

  void clear() {
    byOffset.clear();
  }

  private record Aside(String line, Setback setback) {}
}
