package io.millrace.plugin.access;

import io.millrace.plugin.model.Lane;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key of this pipeline may do, as it stands now. Holds nothing secret. Immutable.
 *
 * @param id what exchanges, logs and metrics know it by
 * @param name what people call it
 * @param tenant whose it is
 * @param team the team within the tenant, or null
 * @param revoked whether it was taken back
 * @param expiresAt when it ends, or null
 * @param models what it may ask for: {@code provider/model}, a bare model or {@code provider/*};
 *     empty allows all
 * @param lanes the lanes it may use; empty allows all
 * @param endpoints the HTTP endpoints it may use, such as {@code /v1/chat/completions}; empty
 *     allows all
 */
public record AccessKey(
    String id,
    String name,
    String tenant,
    @Nullable String team,
    boolean revoked,
    @Nullable Instant expiresAt,
    Set<String> models,
    Set<Lane> lanes,
    Set<String> endpoints) {

  /** Copies the sets. */
  public AccessKey {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(tenant, "tenant");
    models = Set.copyOf(models);
    lanes = Set.copyOf(lanes);
    endpoints = Set.copyOf(endpoints);
  }

  /** Whether it may be used at all at this time. */
  public boolean validAt(Instant time) {
    return !revoked && (expiresAt == null || time.isBefore(expiresAt));
  }
}
