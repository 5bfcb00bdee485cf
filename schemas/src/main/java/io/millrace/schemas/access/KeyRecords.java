package io.millrace.schemas.access;

import io.millrace.plugin.access.AccessKey;
import io.millrace.plugin.model.Lane;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What hooks may know of a key, out of its record on the keys topic. */
public final class KeyRecords {

  private KeyRecords() {}

  /**
   * The key without its hashes.
   *
   * @throws IllegalArgumentException when it names a lane that is not known here: taking it for
   *     none would allow all
   */
  public static AccessKey toModel(io.millrace.schemas.avro.AccessKey key) {
    @Nullable Long expiresAt = key.getExpiresAtMillis();
    return new AccessKey(
        key.getId(),
        key.getName(),
        key.getTenant(),
        key.getTeam(),
        key.getRevokedAtMillis() != null,
        expiresAt == null ? null : Instant.ofEpochMilli(expiresAt),
        new HashSet<>(key.getModels()),
        lanes(key),
        new HashSet<>(key.getEndpoints()));
  }

  private static Set<Lane> lanes(io.millrace.schemas.avro.AccessKey key) {
    return key.getLanes().stream()
        .map(lane -> Lane.valueOf(lane.toUpperCase(Locale.ROOT)))
        .collect(Collectors.toSet());
  }
}
