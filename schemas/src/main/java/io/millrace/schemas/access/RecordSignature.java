package io.millrace.schemas.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The signature of a record on the requests topic, as its headers give it. See
 * docs/decisions/0014-signed-records.md.
 *
 * @param keyId the key that signed
 * @param timestampMillis when
 * @param nonce never used before by the key's tenant; becomes the request's id
 * @param signature 64 hexadecimal digits
 */
public record RecordSignature(String keyId, long timestampMillis, String nonce, String signature) {

  private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9._:-]{16,128}");
  private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException when a part cannot be what it should
   */
  public RecordSignature {
    Objects.requireNonNull(keyId, "keyId");
    if (!KeyText.isId(keyId)
        || !NONCE.matcher(nonce).matches()
        || !SIGNATURE.matcher(signature).matches()) {
      throw new IllegalArgumentException("not a key's id, a nonce and a signature");
    }
  }

  /**
   * Signs a value.
   *
   * @param signingKey the whole text, {@code mrs_…}
   * @throws IllegalArgumentException when the key's id or the nonce has another form
   */
  public static RecordSignature sign(
      String signingKey, String keyId, long timestampMillis, String nonce, byte[] value) {
    String signature =
        AuthSecret.hmac(signingKey, signedText(keyId, timestampMillis, nonce, value));
    return new RecordSignature(keyId, timestampMillis, nonce, signature);
  }

  /** Whether this is what the signing key gives for the value; takes as long whatever differs. */
  boolean matches(String signingKey, byte[] value) {
    String expected = AuthSecret.hmac(signingKey, signedText(keyId, timestampMillis, nonce, value));
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII),
        signature.getBytes(StandardCharsets.US_ASCII));
  }

  private static String signedText(String keyId, long timestampMillis, String nonce, byte[] value) {
    return keyId + "\n" + timestampMillis + "\n" + nonce + "\n" + sha256(value);
  }

  private static String sha256(byte[] value) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
