package io.millrace.schemas.access;

import io.millrace.plugin.access.AccessKey;
import io.millrace.schemas.avro.KeyHash;
import java.time.Instant;
import java.util.List;

/**
 * A key with what is needed to check it. Immutable as long as the hashes are left alone.
 *
 * @param key what it may do
 * @param signing whether it may sign records
 * @param hashes its secrets, hashed
 */
record KnownKey(AccessKey key, boolean signing, List<KeyHash> hashes) {

  KnownKey {
    hashes = List.copyOf(hashes);
  }

  /**
   * The key in a record.
   *
   * @throws IllegalArgumentException when the record says something that is not understood
   */
  static KnownKey of(io.millrace.schemas.avro.AccessKey record) {
    return new KnownKey(KeyRecords.toModel(record), record.getSigning(), record.getHashes());
  }

  /** The secrets that are taken at this time: the newest, and the one before while grace lasts. */
  List<KeyHash> hashesAt(Instant time) {
    return hashes.stream()
        .filter(
            hash ->
                hash.getValidUntilMillis() == null
                    || time.toEpochMilli() < hash.getValidUntilMillis())
        .toList();
  }
}
