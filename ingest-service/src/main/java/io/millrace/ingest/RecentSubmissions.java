package io.millrace.ingest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Exchanges this instance published a moment ago: they are known here before the home stage has
 * taken them in. Holds the newest ones up to a bound. Thread-safe.
 */
final class RecentSubmissions {

  private static final int MAX_ENTRIES = 50_000;

  private final Map<String, Long> acceptedAtMillis =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  synchronized void add(String exchangeId, long atMillis) {
    acceptedAtMillis.putIfAbsent(exchangeId, atMillis);
  }

  /** Takes back what was added, unless the exchange was known before. */
  synchronized void remove(String exchangeId, long atMillis) {
    acceptedAtMillis.remove(exchangeId, atMillis);
  }

  /** When the exchange was accepted; empty when it is not a recent one. */
  synchronized OptionalLong acceptedAtMillis(String exchangeId) {
    Long atMillis = acceptedAtMillis.get(exchangeId);
    return atMillis == null ? OptionalLong.empty() : OptionalLong.of(atMillis);
  }
}
