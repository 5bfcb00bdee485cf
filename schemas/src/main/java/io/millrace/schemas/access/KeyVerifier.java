package io.millrace.schemas.access;

import io.millrace.plugin.access.AccessKey;
import io.millrace.schemas.access.KeyCheck.Invalid;
import io.millrace.schemas.access.KeyCheck.Reason;
import io.millrace.schemas.access.KeyCheck.Valid;
import io.millrace.schemas.avro.KeyHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Says whether a key or a signature is right. A key that nobody knows takes the same steps as one
 * that is known, so the time it takes tells nothing. Thread-safe; never waits.
 */
public final class KeyVerifier {

  /** Matches nothing: no HMAC has this text, and no key this version. */
  private static final KeyHash NONE = new KeyHash(0, "-".repeat(64), 0L, null);

  private final AuthSecret secret;
  private final KeySource keys;

  /** Checks against the keys of a table. */
  public KeyVerifier(AuthSecret secret, KeyTable keys) {
    this(secret, keys::known);
  }

  /** Checks against keys that do not change. */
  public static KeyVerifier ofFixed(
      AuthSecret secret, Collection<io.millrace.schemas.avro.AccessKey> keys) {
    Map<String, KnownKey> known = new HashMap<>();
    keys.forEach(key -> known.put(key.getId(), KnownKey.of(key)));
    return new KeyVerifier(secret, id -> Optional.ofNullable(known.get(id)));
  }

  KeyVerifier(AuthSecret secret, KeySource keys) {
    this.secret = secret;
    this.keys = keys;
  }

  /** Checks a key as its owner writes it. */
  public KeyCheck check(String text, Instant now) {
    Optional<KeyText> parsed = KeyText.parse(text);
    if (parsed.isEmpty()) {
      return new Invalid(Reason.MALFORMED);
    }
    KeyText key = parsed.get();
    Optional<KnownKey> known = keys.known(key.id());
    String hash = secret.hash(key.id(), key.secret());
    boolean matches = any(hashes(known, now), each -> sameInConstantTime(each.getHash(), hash));
    return judge(known, matches, now);
  }

  /**
   * Checks the signature of a record.
   *
   * @param maxAge how long ago it may have been signed
   * @param skew how far the signer's clock may be ahead
   */
  public KeyCheck check(
      RecordSignature signature, byte[] value, Instant now, Duration maxAge, Duration skew) {
    Optional<KnownKey> known = keys.known(signature.keyId());
    boolean matches =
        any(
            hashes(known, now),
            each ->
                signature.matches(secret.signingKey(signature.keyId(), each.getVersion()), value));
    if (matches && !known.map(KnownKey::signing).orElse(false)) {
      return new Invalid(Reason.NOT_FOR_SIGNING);
    }
    if (matches && !inTime(signature.timestampMillis(), now.toEpochMilli(), maxAge, skew)) {
      return new Invalid(Reason.OUT_OF_TIME);
    }
    return judge(known, matches, now);
  }

  private static List<KeyHash> hashes(Optional<KnownKey> known, Instant now) {
    List<KeyHash> hashes = known.map(key -> key.hashesAt(now)).orElse(List.of());
    return hashes.isEmpty() ? List.of(NONE) : hashes;
  }

  /** Looks at all of them, also when the first one matches. */
  private static boolean any(List<KeyHash> hashes, Predicate<KeyHash> matches) {
    boolean any = false;
    for (KeyHash hash : hashes) {
      any |= matches.test(hash);
    }
    return any;
  }

  private static KeyCheck judge(Optional<KnownKey> known, boolean matches, Instant now) {
    if (known.isEmpty()) {
      return new Invalid(Reason.UNKNOWN);
    }
    if (!matches) {
      return new Invalid(Reason.MISMATCH);
    }
    AccessKey key = known.get().key();
    if (key.revoked()) {
      return new Invalid(Reason.REVOKED);
    }
    return key.validAt(now) ? new Valid(key) : new Invalid(Reason.EXPIRED);
  }

  /** Differences are compared, not sums: a time at the end of the scale must not wrap around. */
  private static boolean inTime(long signedMillis, long nowMillis, Duration maxAge, Duration skew) {
    return signedMillis >= nowMillis - maxAge.toMillis()
        && signedMillis <= nowMillis + skew.toMillis();
  }

  private static boolean sameInConstantTime(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }
}
