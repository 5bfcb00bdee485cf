package io.millrace.stages;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Exchange ids in the order of a time: each key is the time, big-endian, and the id after it. Times
 * are not negative. Used by one thread.
 */
final class DueTimes {

  private static final byte[] NOTHING = new byte[0];

  private final KeyValueStore<Bytes, byte[]> store;

  DueTimes(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  void add(long millis, String exchangeId) {
    store.put(key(millis, exchangeId), NOTHING);
  }

  void remove(long millis, String exchangeId) {
    store.delete(key(millis, exchangeId));
  }

  /** Ids of before a time, oldest first, at most {@code limit}. */
  List<String> before(long millis, int limit) {
    return keysBefore(millis, limit).stream().map(DueTimes::exchangeIdOf).toList();
  }

  /** The same, and they are here no longer. */
  List<String> takeBefore(long millis, int limit) {
    List<Bytes> keys = keysBefore(millis, limit);
    keys.forEach(store::delete);
    return keys.stream().map(DueTimes::exchangeIdOf).toList();
  }

  private List<Bytes> keysBefore(long millis, int limit) {
    List<Bytes> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found = store.range(key(0, ""), key(millis, ""))) {
      while (found.hasNext() && keys.size() < limit) {
        keys.add(found.next().key);
      }
    }
    return keys;
  }

  private static Bytes key(long millis, String exchangeId) {
    byte[] id = exchangeId.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + id.length).putLong(millis).put(id).array());
  }

  private static String exchangeIdOf(Bytes key) {
    byte[] bytes = key.get();
    return new String(bytes, Long.BYTES, bytes.length - Long.BYTES, StandardCharsets.UTF_8);
  }
}
