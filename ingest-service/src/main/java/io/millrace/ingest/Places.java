package io.millrace.ingest;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * The places of callers who wait, by request id. Several may wait for the same one. How many there
 * may be is the owner's bound. Thread-safe.
 *
 * @param <P> a caller's place, told from others by identity
 */
final class Places<P extends Places.Place> {

  /** A caller's place. What comes for other tenants is not the caller's. */
  interface Place {
    String tenant();
  }

  private final ConcurrentMap<String, List<P>> byRequestId = new ConcurrentHashMap<>();

  void add(String requestId, P place) {
    byRequestId.merge(
        requestId,
        List.of(place),
        (old, added) -> Stream.concat(old.stream(), added.stream()).toList());
  }

  void remove(String requestId, P gone) {
    byRequestId.computeIfPresent(
        requestId,
        (id, list) -> {
          List<P> rest = list.stream().filter(place -> place != gone).toList();
          return rest.isEmpty() ? null : rest;
        });
  }

  /** Whether anybody waits for this request. */
  boolean contains(String requestId) {
    return byRequestId.containsKey(requestId);
  }

  /** Those who wait for this request of the tenant now. */
  List<P> of(String tenant, String requestId) {
    return byRequestId.getOrDefault(requestId, List.of()).stream()
        .filter(place -> place.tenant().equals(tenant))
        .toList();
  }

  /** Everybody who waits now. */
  List<P> all() {
    return byRequestId.values().stream().flatMap(Collection::stream).toList();
  }

  boolean isEmpty() {
    return byRequestId.isEmpty();
  }
}
