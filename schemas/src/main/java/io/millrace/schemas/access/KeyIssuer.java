package io.millrace.schemas.access;

import io.millrace.plugin.model.Lane;
import io.millrace.schemas.avro.AccessKey;
import io.millrace.schemas.avro.KeyHash;
import io.millrace.schemas.model.TrustedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes keys and the next state of keys. Pure but for the randomness it is given. Thread-safe. */
public final class KeyIssuer {

  /** How long the secret before may stay in force, at most. */
  public static final Duration MAX_GRACE = Duration.ofDays(30);

  private static final int SECRET_BYTES = 32;
  private static final int ID_CHARACTERS = 12;
  private static final String ID_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

  static {
    TrustedRecords.trust();
  }

  private final AuthSecret secret;
  private final RandomGenerator random;

  /**
   * An issuer.
   *
   * @param random a {@link java.security.SecureRandom} outside of tests
   */
  public KeyIssuer(AuthSecret secret, RandomGenerator random) {
    this.secret = secret;
    this.random = random;
  }

  /**
   * A new key.
   *
   * @throws IllegalArgumentException when it would have ended already
   */
  public IssuedKey create(KeySpec spec, Instant now) {
    @Nullable Instant expiresAt = spec.expiresAt();
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      throw new IllegalArgumentException("expires_at: " + expiresAt + " is over already");
    }
    AccessKey key = new AccessKey();
    key.setId(newId());
    key.setName(spec.name());
    key.setTenant(spec.tenant());
    key.setTeam(spec.team());
    key.setCreatedAtMillis(now.toEpochMilli());
    key.setExpiresAtMillis(expiresAt == null ? null : expiresAt.toEpochMilli());
    key.setModels(spec.models().stream().sorted().toList());
    key.setLanes(spec.lanes().stream().sorted().map(KeyIssuer::name).toList());
    key.setEndpoints(spec.endpoints().stream().sorted().toList());
    key.setSigning(spec.signing());
    key.setHashes(List.of());
    return issue(key, 1, List.of(), now);
  }

  /**
   * A key with a new secret; the one before stays in force for a while, any older one ends.
   *
   * @param grace how long, zero to {@link #MAX_GRACE}
   * @throws IllegalArgumentException when the key may not be used any more, or grace is out of
   *     bounds
   */
  public IssuedKey rotate(AccessKey key, Duration grace, Instant now) {
    if (grace.isNegative() || grace.compareTo(MAX_GRACE) > 0) {
      throw new IllegalArgumentException(
          "grace: must be 0 to " + MAX_GRACE.toDays() + " days, is " + grace);
    }
    if (!KeyRecords.toModel(key).validAt(now)) {
      throw new IllegalArgumentException(
          "key " + key.getId() + " is revoked or has ended: create another one");
    }
    int newest = key.getHashes().stream().mapToInt(KeyHash::getVersion).max().orElse(0);
    List<KeyHash> staying =
        grace.isZero()
            ? List.of()
            : key.getHashes().stream()
                .filter(hash -> hash.getVersion() == newest)
                .map(hash -> ending(hash, now.plus(grace)))
                .toList();
    return issue(key, newest + 1, staying, now);
  }

  /** A key that was taken back; the same again when it was before. */
  public static AccessKey revoke(AccessKey key, Instant now) {
    if (key.getRevokedAtMillis() != null) {
      return key;
    }
    AccessKey revoked = AccessKey.newBuilder(key).build();
    revoked.setRevokedAtMillis(now.toEpochMilli());
    return revoked;
  }

  private IssuedKey issue(AccessKey key, int version, List<KeyHash> staying, Instant now) {
    String id = key.getId();
    KeyText text = new KeyText(id, newSecret());
    List<KeyHash> hashes = new ArrayList<>(staying);
    hashes.add(new KeyHash(version, secret.hash(id, text.secret()), now.toEpochMilli(), null));
    AccessKey issued = AccessKey.newBuilder(key).setHashes(hashes).build();
    return new IssuedKey(
        issued, text.text(), key.getSigning() ? secret.signingKey(id, version) : null);
  }

  private static KeyHash ending(KeyHash hash, Instant at) {
    return new KeyHash(
        hash.getVersion(), hash.getHash(), hash.getCreatedAtMillis(), at.toEpochMilli());
  }

  private String newSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private String newId() {
    StringBuilder id = new StringBuilder(ID_CHARACTERS);
    for (int i = 0; i < ID_CHARACTERS; i++) {
      id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
    }
    return id.toString();
  }

  private static String name(Lane lane) {
    return lane.name().toLowerCase(Locale.ROOT);
  }
}
