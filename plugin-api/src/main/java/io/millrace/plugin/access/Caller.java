package io.millrace.plugin.access;

import io.millrace.plugin.model.Lane;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, as its credential said when the request was accepted. The credential itself
 * is not here and not on any topic. Immutable.
 *
 * @param kind what the credential was
 * @param id the key's id, or the token's subject; 1 to 128 characters
 * @param team the team within the tenant that it belongs to, or null
 * @param expiresAt when a token ends, or null; a key's end is in its {@link AccessKey}
 * @param models the models that a token allows; empty allows all
 * @param lanes the lanes that a token allows; empty allows all
 */
public record Caller(
    Kind kind,
    String id,
    @Nullable String team,
    @Nullable Instant expiresAt,
    Set<String> models,
    Set<Lane> lanes) {

  /** Copies the sets. */
  public Caller {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(id, "id");
    models = Set.copyOf(models);
    lanes = Set.copyOf(lanes);
  }

  /** What somebody is known by. */
  public enum Kind {
    /** A key of this pipeline; what it allows now is in its {@link AccessKey}. */
    KEY,
    /** A token that somebody else signed; what it allows is in the token. */
    TOKEN
  }

  /** The sender of a request with a key. */
  public static Caller ofKey(String id, @Nullable String team) {
    return new Caller(Kind.KEY, id, team, null, Set.of(), Set.of());
  }

  /** The team, where there is one. */
  public Optional<String> teamName() {
    return Optional.ofNullable(team);
  }
}
