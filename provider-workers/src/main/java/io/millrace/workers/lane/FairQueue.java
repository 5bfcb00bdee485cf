package io.millrace.workers.lane;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Items of many tenants, served by turns: one of each tenant that waits, then the next round. So
 * with {@code n} tenants an item that is the {@code k}-th of its tenant is served after at most
 * {@code k * n} others, however many a single tenant has put in. A tenant that comes anew joins at
 * the end of the round. Items of one tenant keep their order. Not thread-safe.
 */
final class FairQueue<T> {

  private final Map<String, Line<T>> lines = new HashMap<>();

  /** The lines that are not empty; the first is next. */
  private final Deque<Line<T>> turns = new ArrayDeque<>();

  private int size;

  void add(String tenant, T item) {
    Line<T> line = lines.computeIfAbsent(tenant, Line::new);
    if (line.items.isEmpty()) {
      turns.addLast(line);
    }
    line.items.addLast(item);
    size++;
  }

  /** The item whose turn it is; null when there is none. */
  @Nullable T poll() {
    Line<T> line = turns.pollFirst();
    if (line == null) {
      return null;
    }
    T item = line.items.removeFirst();
    size--;
    if (line.items.isEmpty()) {
      lines.remove(line.tenant);
    } else {
      turns.addLast(line);
    }
    return item;
  }

  /**
   * Takes items out; takes time for each item that there is.
   *
   * @param unwanted what to take out of a tenant's items; each is shown once, in order
   */
  void trim(Function<String, Predicate<? super T>> unwanted) {
    for (Iterator<Line<T>> each = turns.iterator(); each.hasNext(); ) {
      Line<T> line = each.next();
      int before = line.items.size();
      line.items.removeIf(unwanted.apply(line.tenant));
      size -= before - line.items.size();
      if (line.items.isEmpty()) {
        each.remove();
        lines.remove(line.tenant);
      }
    }
  }

  /** Takes items out; takes time for each item that there is. */
  void removeIf(Predicate<? super T> unwanted) {
    trim(tenant -> unwanted);
  }

  int size() {
    return size;
  }

  /** How many tenants wait. */
  int tenants() {
    return turns.size();
  }

  /** What one tenant has put in. */
  private static final class Line<T> {

    private final String tenant;
    private final Deque<T> items = new ArrayDeque<>();

    Line(String tenant) {
      this.tenant = tenant;
    }
  }
}
