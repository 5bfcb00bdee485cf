package io.millrace.ingest.access;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Ed25519 signatures (RFC 8032, RFC 8037) with the platform's own implementation. */
final class EdwardsKey {

  /** What stands before the 32 bytes of a key in its X.509 form (RFC 8410, section 4). */
  private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int KEY_BYTES = 32;
  private static final String ALGORITHM = "Ed25519";

  private EdwardsKey() {}

  static boolean verifies(OctetKeyPair key, SignedJWT token) {
    byte[] x = key.getX().decode();
    if (!Curve.Ed25519.equals(key.getCurve()) || x.length != KEY_BYTES) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded(x))));
      signature.update(token.getSigningInput());
      return signature.verify(token.getSignature().decode());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] encoded(byte[] x) {
    byte[] encoded = new byte[PREFIX.length + KEY_BYTES];
    System.arraycopy(PREFIX, 0, encoded, 0, PREFIX.length);
    System.arraycopy(x, 0, encoded, PREFIX.length, KEY_BYTES);
    return encoded;
  }
}
