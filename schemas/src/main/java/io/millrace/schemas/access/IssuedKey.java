package io.millrace.schemas.access;

import io.millrace.schemas.avro.AccessKey;
import org.jspecify.annotations.Nullable;

/**
 * A key with its secrets, which are shown once and kept nowhere.
 *
 * @param record what the topic has of it
 * @param key for HTTP, {@code mr_…}
 * @param signingKey for records, {@code mrs_…}; null where it may not sign
 */
public record IssuedKey(AccessKey record, String key, @Nullable String signingKey) {

  /** Without the secrets. */
  @Override
  public String toString() {
    return "IssuedKey[" + record.getId() + "]";
  }
}
