package io.millrace.workers;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Of each tenant, between which offsets of a partition its left records are. Owned by the poll
 * thread.
 */
final class LeftRanges {

  /** The most tenants of a partition that may have left records; what comes of others waits. */
  static final int MAX_TENANTS = 1_000;

  private final Map<String, Range> byTenant = new HashMap<>();

  boolean isEmpty() {
    return byTenant.isEmpty();
  }

  boolean has(String tenant) {
    return byTenant.containsKey(tenant);
  }

  boolean mayAdd(String tenant) {
    return byTenant.size() < MAX_TENANTS || has(tenant);
  }

  /** Adds a record behind all others; its tenant's first is none before {@code first}. */
  void add(String tenant, long first, long offset) {
    byTenant.computeIfAbsent(tenant, name -> new Range(first)).last = offset;
  }

  /** Adds a record anywhere. */
  void addAnywhere(String tenant, long offset) {
    Range range = byTenant.computeIfAbsent(tenant, name -> new Range(offset));
    range.from = Math.min(range.from, offset);
    range.last = Math.max(range.last, offset);
  }

  /** Adds the tenants who are meant and whose range begins there or later. */
  void addThose(Predicate<String> meant, long from, Set<String> to) {
    byTenant.forEach(
        (tenant, range) -> {
          if (range.from >= from && meant.test(tenant)) {
            to.add(tenant);
          }
        });
  }

  /** Whether this is said of all who have left records. */
  boolean areAll(Predicate<String> said) {
    return byTenant.keySet().stream().allMatch(said);
  }

  /** Where the first range of these tenants begins. */
  long firstOf(Set<String> tenants) {
    long first = Long.MAX_VALUE;
    for (String tenant : tenants) {
      Range range = byTenant.get(tenant);
      first = range == null ? first : Math.min(first, range.from);
    }
    return first;
  }

  /** Says that a tenant's first is none before an offset, whatever was said earlier. */
  void beginAt(String tenant, long offset) {
    Range range = byTenant.get(tenant);
    if (range != null) {
      range.from = offset;
    }
  }

  /** Says that a tenant has none left before an offset; true when it had some and has none now. */
  boolean endUpTo(String tenant, long offset) {
    Range range = byTenant.get(tenant);
    if (range == null) {
      return false;
    }
    range.from = Math.max(range.from, offset);
    return range.from > range.last && byTenant.remove(tenant, range);
  }

  void clear() {
    byTenant.clear();
  }

  private static final class Range {

    /** None is before this. */
    private long from;

    /** None is after this. */
    private long last = -1;

    Range(long from) {
      this.from = from;
    }
  }
}
