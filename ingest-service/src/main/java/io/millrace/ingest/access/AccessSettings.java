package io.millrace.ingest.access;

import io.millrace.schemas.access.AuthSecret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who may send requests.
 *
 * @param required whether everybody must say who they are
 * @param secret what keys were hashed with; null where there are no keys
 * @param clockSkew how far clocks may differ, zero to 1 hour
 * @param signatureMaxAge how long a signed record may wait on the topic; together with the skew
 *     less than the home stage remembers requests
 * @param jwt how tokens are checked; null where there are none
 */
public record AccessSettings(
    boolean required,
    @Nullable AuthSecret secret,
    Duration clockSkew,
    Duration signatureMaxAge,
    @Nullable JwtSettings jwt) {

  private static final Duration MAX_SKEW = Duration.ofHours(1);

  /** Checks the bounds. */
  public AccessSettings {
    if (clockSkew.isNegative() || clockSkew.compareTo(MAX_SKEW) > 0) {
      throw new IllegalArgumentException("clockSkew must be 0 to 1 h, is " + clockSkew);
    }
    if (!signatureMaxAge.isPositive()) {
      throw new IllegalArgumentException("signatureMaxAge must be positive, is " + signatureMaxAge);
    }
    if (required && secret == null) {
      throw new IllegalArgumentException("a secret is needed where credentials are required");
    }
  }

  /** Everybody is welcome: no keys, no tokens, 5 minutes of skew, 1 hour on the topic. */
  public static AccessSettings open() {
    return new AccessSettings(false, null, Duration.ofMinutes(5), Duration.ofHours(1), null);
  }

  /** These settings with keys. */
  public AccessSettings withSecret(AuthSecret value) {
    return new AccessSettings(required, value, clockSkew, signatureMaxAge, jwt);
  }

  /** These settings with tokens. */
  public AccessSettings withJwt(JwtSettings value) {
    return new AccessSettings(required, secret, clockSkew, signatureMaxAge, value);
  }

  /** These settings, nobody without a credential. */
  public AccessSettings asRequired() {
    return new AccessSettings(true, secret, clockSkew, signatureMaxAge, jwt);
  }
}
