package io.millrace.analytics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which windows of one task are open and which of them changed since they were last published; the
 * figures themselves are in the store. Bounded: a window holds {@code maxSeries} combinations, and
 * then coarser ones with {@link #COARSE_RESERVE} places for each step. Not thread-safe.
 */
final class OpenWindows {

  /** Places kept in each window for combinations whose tenant, or also model, is {@code other}. */
  static final int COARSE_RESERVE = 100;

  private static final int STEPS = 3;

  private final int maxSeries;
  private final NavigableMap<Long, Set<WindowKey>> byStart = new TreeMap<>();
  private final Set<WindowKey> changed = new LinkedHashSet<>();

  OpenWindows(int maxSeries) {
    this.maxSeries = maxSeries;
  }

  /** The most combinations in a window, whatever arrives. */
  static int bound(int maxSeries) {
    return maxSeries + (STEPS - 1) * COARSE_RESERVE + 1;
  }

  /**
   * Opens a window unless it is open, and marks it as changed.
   *
   * @return the window to count in: the wanted one, or a coarser one when there is no more room
   */
  WindowKey open(WindowKey wanted) {
    Set<WindowKey> series = byStart.computeIfAbsent(wanted.startMillis(), start -> new HashSet<>());
    WindowKey key = wanted;
    for (int step = 0; step < STEPS; step++) {
      if (series.contains(key) || series.size() < maxSeries + step * COARSE_RESERVE) {
        return add(series, key);
      }
      key = key.coarser();
    }
    return add(
        series,
        new WindowKey(key.startMillis(), WindowKey.OTHER, WindowKey.OTHER, WindowKey.OTHER));
  }

  /** Notes a window found in the store, as changed: nobody knows whether it was published. */
  void restore(WindowKey key) {
    add(byStart.computeIfAbsent(key.startMillis(), start -> new HashSet<>()), key);
  }

  /** Forgets the windows that start before a moment, and returns them, oldest first. */
  List<WindowKey> takeStartedBefore(long millis) {
    NavigableMap<Long, Set<WindowKey>> ended = byStart.headMap(millis, false);
    List<WindowKey> taken = ended.values().stream().flatMap(Collection::stream).toList();
    ended.clear();
    taken.forEach(changed::remove);
    return taken;
  }

  /** The windows that changed since the last time this was asked. */
  List<WindowKey> takeChanged() {
    List<WindowKey> taken = new ArrayList<>(changed);
    changed.clear();
    return taken;
  }

  private WindowKey add(Set<WindowKey> series, WindowKey key) {
    series.add(key);
    changed.add(key);
    return key;
  }
}
