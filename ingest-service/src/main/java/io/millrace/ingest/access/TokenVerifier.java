package io.millrace.ingest.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import io.millrace.ingest.access.Identity.Refused;
import io.millrace.ingest.access.Identity.Undecided;
import io.millrace.ingest.access.TokenClaims.UnusableClaimException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks tokens that somebody else signed: algorithm, signature, time, issuer and audience. The
 * algorithm is held to the configured list before a key is looked for, so neither {@code none} nor
 * a public key used as a shared secret gets anywhere. Thread-safe; may wait for the signer's keys.
 */
final class TokenVerifier implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
  private static final Pattern SHAPE =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*");
  private static final int MAX_CHARACTERS = 16_384;
  private static final Duration BETWEEN_CALLS = Duration.ofSeconds(30);

  private final JwtSettings settings;
  private final Duration skew;
  private final PublicKeys keys;
  private final TokenClaims claims;

  private TokenVerifier(JwtSettings settings, Duration skew, PublicKeys keys) {
    this.settings = settings;
    this.skew = skew;
    this.keys = keys;
    this.claims = new TokenClaims(settings, skew);
  }

  /**
   * Opens the signer's keys.
   *
   * @throws IllegalArgumentException when they are in a file that cannot be read
   */
  static TokenVerifier open(JwtSettings settings, Duration skew) {
    return new TokenVerifier(settings, skew, PublicKeys.open(settings.jwks(), BETWEEN_CALLS));
  }

  /** Whether a text is meant to be a token, right or wrong. */
  static boolean isMeant(String text) {
    return text.length() <= MAX_CHARACTERS && SHAPE.matcher(text).matches();
  }

  Identity check(String text, Instant now) {
    try {
      SignedJWT token = SignedJWT.parse(text);
      JWSHeader header = token.getHeader();
      if (!settings.algorithms().contains(header.getAlgorithm().getName())
          || (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty())) {
        return new Refused("token_algorithm");
      }
      if (!signed(token)) {
        return new Refused("token_signature");
      }
      JWTClaimsSet said = token.getJWTClaimsSet();
      rules(now).verify(said, null);
      return claims.read(said);
    } catch (KeySourceException e) {
      LOG.warn("the keys that tokens are signed with cannot be read: {}", e.getMessage());
      return new Undecided("the keys that tokens are signed with cannot be read");
    } catch (BadJWTException | UnusableClaimException e) {
      LOG.debug("a token was refused: {}", e.getMessage());
      return new Refused("token_claims");
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      return new Refused("token_malformed");
    }
  }

  private boolean signed(SignedJWT token) throws KeySourceException, JOSEException {
    for (JWK key : keys.candidates(token.getHeader())) {
      if (signed(token, key)) {
        return true;
      }
    }
    return false;
  }

  private static boolean signed(SignedJWT token, JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> token.verify(new RSASSAVerifier(rsa));
      case ECKey curve -> token.verify(new ECDSAVerifier(curve));
      case OctetKeyPair pair -> EdwardsKey.verifies(pair, token);
      default -> false;
    };
  }

  private DefaultJWTClaimsVerifier<SecurityContext> rules(Instant now) {
    JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
    if (settings.issuer() != null) {
      exact.issuer(settings.issuer());
    }
    var rules =
        new DefaultJWTClaimsVerifier<SecurityContext>(
            settings.audience(), exact.build(), Set.of("exp", "sub", settings.tenantClaim())) {
          @Override
          protected Date currentTime() {
            return Date.from(now);
          }
        };
    rules.setMaxClockSkew((int) skew.toSeconds());
    return rules;
  }

  @Override
  public void close() {
    keys.close();
  }
}
