package io.millrace.schemas.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The pipeline's own secret ({@code auth.secret}): what keys are hashed with and signing keys are
 * derived from. A copy of the keys topic is of no use without it. Each use has a purpose of its own
 * in front, so that no value of one can stand for another's. Immutable and thread-safe.
 */
public final class AuthSecret {

  /** Shorter ones are refused, in characters. */
  public static final int MIN_CHARACTERS = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec secret;

  private AuthSecret(SecretKeySpec secret) {
    this.secret = secret;
  }

  /**
   * The secret of a pipeline.
   *
   * @throws IllegalArgumentException when it is too short; does not repeat it
   */
  public static AuthSecret of(String text) {
    if (text.length() < MIN_CHARACTERS) {
      throw new IllegalArgumentException(
          "must have at least "
              + MIN_CHARACTERS
              + " characters, has "
              + text.length()
              + ": 'openssl rand -hex 32' makes one");
    }
    return new AuthSecret(new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM));
  }

  /** The hash of a key's secret, in hexadecimal digits. */
  public String hash(String keyId, String keySecret) {
    return derive("key\n" + keyId + "\n" + keySecret);
  }

  /** The key that somebody signs records with; made anew each time, kept nowhere. */
  public String signingKey(String keyId, int version) {
    return KeyText.signing(keyId, derive("signing\n" + keyId + "\n" + version));
  }

  /** What instances of one pipeline prove to each other that they belong to it. */
  public String peerProof(String question) {
    return derive("peer\n" + question);
  }

  /**
   * HMAC-SHA-256 (RFC 2104) in hexadecimal digits.
   *
   * @param key not empty
   */
  public static String hmac(String key, String text) {
    return hmac(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM), text);
  }

  private String derive(String text) {
    return hmac(secret, text);
  }

  private static String hmac(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** Says nothing. */
  @Override
  public String toString() {
    return "AuthSecret[********]";
  }
}
