package io.millrace.ingest.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.millrace.ingest.access.Identity.Known;
import io.millrace.ingest.access.Identity.Refused;
import io.millrace.ingest.access.Identity.Undecided;
import io.millrace.plugin.access.Caller;
import io.millrace.plugin.model.Lane;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenVerifierTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final int RSA_BITS = 2048;

  private static RSAKey rsa;
  private static ECKey curve;
  private final SignerServer signer;
  private final TokenVerifier verifier;
  @TempDir private Path folder;

  /** Once for all: it takes most of a second. */
  @BeforeAll
  static void makeKeys() throws Exception {
    rsa = new RSAKeyGenerator(RSA_BITS).keyID("rsa").generate();
    curve = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
  }

  TokenVerifierTest() throws Exception {
    signer = new SignerServer(new JWKSet(List.of(rsa, curve)));
    verifier =
        TokenVerifier.open(
            new JwtSettings(
                signer.address(),
                "https://sso.example",
                "millrace",
                "tenant",
                "team",
                "models",
                "lanes",
                JwtSettings.DEFAULT_ALGORITHMS),
            SKEW);
  }

  @BeforeEach
  void begin() {
    assertThat(signer.calls).hasValue(0);
  }

  @AfterEach
  void close() {
    verifier.close();
    signer.close();
  }

  @Test
  void shouldReadWhoSendsOutOfAToken() throws Exception {
    String token =
        rsaToken(
            claims ->
                claims
                    .claim("team", "search")
                    .claim("models", List.of("openai/*", "gpt"))
                    .claim("lanes", "batch standard"));
    assertThat(check(token))
        .isEqualTo(
            new Known(
                new Caller(
                    Caller.Kind.TOKEN,
                    "eve",
                    "search",
                    NOW.plusSeconds(60).plus(SKEW),
                    Set.of("openai/*", "gpt"),
                    Set.of(Lane.BATCH, Lane.STANDARD)),
                "acme",
                Set.of()));
  }

  @Test
  void shouldTakeEverySignatureThatIsAllowed() throws Exception {
    assertThat(check(token(JWSAlgorithm.ES256, "ec", new ECDSASigner(curve))))
        .isInstanceOf(Known.class);
    assertThat(check(token(JWSAlgorithm.RS512, "rsa", new RSASSASigner(rsa))))
        .isEqualTo(new Refused("token_algorithm"));
  }

  @Test
  void shouldTakeAnEdwardsSignature() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    OctetKeyPair published =
        new OctetKeyPair.Builder(
                Curve.Ed25519,
                Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)))
            .keyID("ed")
            .build();
    signer.publish(new JWKSet(published));
    SignedJWT unsigned = new SignedJWT(header(JWSAlgorithm.EdDSA, "ed"), claims().build());
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(unsigned.getSigningInput());
    String token =
        new String(unsigned.getSigningInput(), StandardCharsets.US_ASCII)
            + "."
            + Base64URL.encode(signature.sign());
    assertThat(check(token)).isInstanceOf(Known.class);
    assertThat(check(token.substring(0, token.length() - 8) + "AAAAAAAA"))
        .isEqualTo(new Refused("token_signature"));
  }

  @Test
  void shouldRefuseNoneAndThePublicKeyAsASharedSecret() throws Exception {
    Base64URL none = Base64URL.encode("{\"alg\":\"none\"}");
    Base64URL payload = claims().build().toPayload().toBase64URL();
    assertThat(check(none + "." + payload + ".")).isInstanceOf(Refused.class);
    assertThat(TokenVerifier.isMeant(none + "." + payload + ".")).isTrue();
    byte[] publicKey = rsa.toPublicKey().getEncoded();
    assertThat(check(token(JWSAlgorithm.HS256, "rsa", new MACSigner(publicKey))))
        .isEqualTo(new Refused("token_algorithm"));
    assertThat(signer.calls).as("refused before any key is looked for").hasValue(0);
    assertThatThrownBy(
            () -> new JwtSettings("x", null, null, "t", null, null, null, Set.of("HS256")))
        .hasMessageContaining("algorithms");
  }

  @Test
  void shouldRefuseWhatAnotherKeySigned() throws Exception {
    RSAKey other = new RSAKeyGenerator(RSA_BITS).keyID("rsa").generate();
    assertThat(check(token(JWSAlgorithm.RS256, "rsa", new RSASSASigner(other))))
        .isEqualTo(new Refused("token_signature"));
    String token = rsaToken(claims -> {});
    String[] parts = token.split("\\.");
    String forged =
        parts[0]
            + "."
            + Base64URL.encode("{\"sub\":\"eve\",\"tenant\":\"other\",\"exp\":99999999999}")
            + "."
            + parts[2];
    assertThat(check(forged)).isEqualTo(new Refused("token_signature"));
  }

  @Test
  void shouldHoldTokensToTimeIssuerAndAudience() throws Exception {
    assertThat(check(rsaToken(claims -> claims.expirationTime(at(-299)))))
        .isInstanceOf(Known.class);
    for (Consumer<JWTClaimsSet.Builder> wrong :
        List.<Consumer<JWTClaimsSet.Builder>>of(
            claims -> claims.expirationTime(at(-301)),
            claims -> claims.expirationTime(null),
            claims -> claims.notBeforeTime(at(301)),
            claims -> claims.issuer("https://other.example"),
            claims -> claims.issuer(null),
            claims -> claims.audience("others"),
            claims -> claims.audience((String) null))) {
      assertThat(check(rsaToken(wrong))).isEqualTo(new Refused("token_claims"));
    }
  }

  @Test
  void shouldRefuseClaimsThatWouldOtherwiseAllowAll() throws Exception {
    for (Consumer<JWTClaimsSet.Builder> wrong :
        List.<Consumer<JWTClaimsSet.Builder>>of(
            claims -> claims.claim("tenant", null),
            claims -> claims.claim("tenant", "a/b"),
            claims -> claims.claim("tenant", 7),
            claims -> claims.subject(null),
            claims -> claims.claim("models", List.of()),
            claims -> claims.claim("models", ""),
            claims -> claims.claim("models", List.of(1)),
            claims -> claims.claim("models", true),
            claims -> claims.claim("lanes", "fast"))) {
      assertThat(check(rsaToken(wrong))).isEqualTo(new Refused("token_claims"));
    }
  }

  @Test
  void shouldFollowARotationAtOnceAndAskNoMoreForInventedKeys() throws Exception {
    assertThat(check(rsaToken(claims -> {}))).isInstanceOf(Known.class);
    assertThat(check(rsaToken(claims -> {}))).isInstanceOf(Known.class);
    assertThat(signer.calls).hasValue(1);
    RSAKey next = new RSAKeyGenerator(RSA_BITS).keyID("next").generate();
    signer.publish(new JWKSet(List.of(rsa, next)));
    assertThat(check(token(JWSAlgorithm.RS256, "next", new RSASSASigner(next))))
        .isInstanceOf(Known.class);
    assertThat(signer.calls).hasValue(2);
    for (int i = 0; i < 50; i++) {
      assertThat(check(token(JWSAlgorithm.RS256, "invented-" + i, new RSASSASigner(next))))
          .isEqualTo(new Refused("token_signature"));
    }
    assertThat(signer.calls).hasValueLessThan(5);
    assertThat(check(rsaToken(claims -> {}))).isInstanceOf(Known.class);
  }

  @Test
  void shouldUseTheKeysItHasWhileTheSignerIsOut() throws Exception {
    assertThat(check(rsaToken(claims -> {}))).isInstanceOf(Known.class);
    signer.out = true;
    assertThat(check(token(JWSAlgorithm.RS256, "unheard-of", new RSASSASigner(rsa))))
        .isInstanceOf(Refused.class);
    assertThat(check(rsaToken(claims -> {}))).isInstanceOf(Known.class);
  }

  @Test
  void shouldNotSayNoWhileTheSignerWasNeverReached() throws Exception {
    signer.out = true;
    for (int i = 0; i < 5; i++) {
      assertThat(check(rsaToken(claims -> {}))).isInstanceOf(Undecided.class);
    }
  }

  @Test
  void shouldReadKeysFromAFileThatMayChange() throws Exception {
    Path file = Files.writeString(folder.resolve("keys.json"), new JWKSet(rsa).toString(true));
    try (TokenVerifier fromFile = TokenVerifier.open(JwtSettings.of(file.toString()), SKEW)) {
      assertThat(fromFile.check(rsaToken(claims -> {}), NOW)).isInstanceOf(Known.class);
      Files.writeString(file, new JWKSet(List.of(rsa, curve)).toString(true));
      assertThat(fromFile.check(token(JWSAlgorithm.ES256, "ec", new ECDSASigner(curve)), NOW))
          .isInstanceOf(Known.class);
    }
    Files.writeString(file, "nonsense");
    assertThatThrownBy(() -> TokenVerifier.open(JwtSettings.of(file.toString()), SKEW))
        .hasMessageContaining("must hold a JSON Web Key Set");
  }

  private Identity check(String token) {
    return verifier.check(token, NOW);
  }

  private static Date at(long secondsFromNow) {
    return Date.from(NOW.plusSeconds(secondsFromNow));
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("eve")
        .issuer("https://sso.example")
        .audience("millrace")
        .expirationTime(at(60))
        .claim("tenant", "acme");
  }

  private static JWSHeader header(JWSAlgorithm algorithm, String keyId) {
    return new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(keyId).build();
  }

  private String rsaToken(Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
    JWTClaimsSet.Builder claims = claims();
    change.accept(claims);
    return signed(header(JWSAlgorithm.RS256, "rsa"), claims.build(), new RSASSASigner(rsa));
  }

  private static String token(JWSAlgorithm algorithm, String keyId, JWSSigner signer)
      throws JOSEException {
    return signed(header(algorithm, keyId), claims().build(), signer);
  }

  private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }
}
