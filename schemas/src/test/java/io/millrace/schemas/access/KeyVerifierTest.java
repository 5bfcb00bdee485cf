package io.millrace.schemas.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.model.Lane;
import io.millrace.schemas.access.KeyCheck.Invalid;
import io.millrace.schemas.access.KeyCheck.Reason;
import io.millrace.schemas.access.KeyCheck.Valid;
import io.millrace.schemas.avro.AccessKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyVerifierTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration AGE = Duration.ofHours(1);
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final byte[] VALUE = "{\"model\":\"auto\"}".getBytes(StandardCharsets.UTF_8);
  private static final AuthSecret SECRET = AuthSecret.of("0123456789abcdef0123456789abcdef");

  private final KeyIssuer issuer = new KeyIssuer(SECRET, new Random(7));

  @Test
  void shouldTakeAKeyAndNothingThatIsNearlyIt() {
    IssuedKey issued = issuer.create(KeySpec.of("shop", "acme"), NOW);
    assertThat(check(issued.record(), issued.key())).isInstanceOf(Valid.class);
    String key = issued.key();
    for (int i = key.length() - 64; i < key.length(); i++) {
      char other = key.charAt(i) == '0' ? '1' : '0';
      String changed = key.substring(0, i) + other + key.substring(i + 1);
      assertThat(check(issued.record(), changed)).isEqualTo(new Invalid(Reason.MISMATCH));
    }
    assertThat(check(issued.record(), key + "0")).isEqualTo(new Invalid(Reason.MALFORMED));
    assertThat(check(issued.record(), "mr_")).isEqualTo(new Invalid(Reason.MALFORMED));
    IssuedKey another = issuer.create(KeySpec.of("other", "acme"), NOW);
    assertThat(check(issued.record(), another.key())).isEqualTo(new Invalid(Reason.UNKNOWN));
  }

  @Test
  void shouldKeepNoSecretInTheRecordNorInTexts() {
    IssuedKey issued = issuer.create(signing(), NOW);
    String secret = KeyText.parse(issued.key()).orElseThrow().secret();
    String signing = Objects.requireNonNull(issued.signingKey());
    assertThat(issued.record().toString())
        .doesNotContain(secret)
        .doesNotContain(signing.substring(signing.lastIndexOf('_') + 1));
    assertThat(issued + " " + KeyText.parse(issued.key()) + SECRET)
        .doesNotContain(secret)
        .doesNotContain("0123456789abcdef0123456789abcdef");
  }

  @Test
  void shouldRefuseARevokedAndAnEndedKey() {
    IssuedKey issued =
        issuer.create(
            new KeySpec(
                "k",
                "acme",
                "search",
                NOW.plusSeconds(10),
                Set.of(),
                Set.of(Lane.BATCH),
                Set.of(),
                false),
            NOW);
    assertThat(check(KeyIssuer.revoke(issued.record(), NOW), issued.key()))
        .isEqualTo(new Invalid(Reason.REVOKED));
    KeyVerifier verifier = verifier(issued.record());
    assertThat(verifier.check(issued.key(), NOW.plusSeconds(9))).isInstanceOf(Valid.class);
    assertThat(verifier.check(issued.key(), NOW.plusSeconds(10)))
        .isEqualTo(new Invalid(Reason.EXPIRED));
    assertThatThrownBy(() -> issuer.rotate(issued.record(), Duration.ZERO, NOW.plusSeconds(10)))
        .hasMessageContaining("revoked or has ended");
  }

  @Test
  void shouldTakeTheSecretBeforeWhileGraceLastsAndNoOlderOne() {
    IssuedKey first = issuer.create(KeySpec.of("k", "acme"), NOW);
    IssuedKey second = issuer.rotate(first.record(), Duration.ofHours(1), NOW);
    KeyVerifier verifier = verifier(second.record());
    assertThat(verifier.check(second.key(), NOW)).isInstanceOf(Valid.class);
    assertThat(verifier.check(first.key(), NOW.plusSeconds(3599))).isInstanceOf(Valid.class);
    assertThat(verifier.check(first.key(), NOW.plusSeconds(3600)))
        .isEqualTo(new Invalid(Reason.MISMATCH));
    IssuedKey third = issuer.rotate(second.record(), Duration.ofHours(1), NOW);
    assertThat(third.record().getHashes()).hasSize(2);
    assertThat(check(third.record(), first.key())).isEqualTo(new Invalid(Reason.MISMATCH));
    IssuedKey atOnce = issuer.rotate(third.record(), Duration.ZERO, NOW);
    assertThat(atOnce.record().getHashes()).hasSize(1);
    assertThat(check(atOnce.record(), third.key())).isEqualTo(new Invalid(Reason.MISMATCH));
    assertThatThrownBy(() -> issuer.rotate(first.record(), Duration.ofDays(31), NOW))
        .hasMessageContaining("grace: must be 0 to 30 days");
  }

  @Test
  void shouldRefuseAKeyThatAnotherSecretHashed() {
    IssuedKey issued = issuer.create(KeySpec.of("k", "acme"), NOW);
    KeyVerifier other =
        KeyVerifier.ofFixed(
            AuthSecret.of("another secret of this pipeline, long"), List.of(issued.record()));
    assertThat(other.check(issued.key(), NOW)).isEqualTo(new Invalid(Reason.MISMATCH));
    assertThatThrownBy(() -> AuthSecret.of("too short"))
        .hasMessageContaining("at least 32 characters")
        .hasMessageNotContaining("too short");
  }

  @Test
  void shouldTakeASignatureOverExactlyThisValue() {
    IssuedKey issued = issuer.create(signing(), NOW);
    RecordSignature signature = sign(issued, NOW.toEpochMilli());
    assertThat(check(issued.record(), signature, VALUE)).isInstanceOf(Valid.class);
    for (int i = 0; i < VALUE.length; i++) {
      byte[] changed = VALUE.clone();
      changed[i] ^= 1;
      assertThat(check(issued.record(), signature, changed))
          .isEqualTo(new Invalid(Reason.MISMATCH));
    }
    RecordSignature otherNonce =
        new RecordSignature(
            signature.keyId(),
            signature.timestampMillis(),
            "another-nonce-00",
            signature.signature());
    assertThat(check(issued.record(), otherNonce, VALUE)).isEqualTo(new Invalid(Reason.MISMATCH));
  }

  @Test
  void shouldHoldSignaturesToTheirTime() {
    IssuedKey issued = issuer.create(signing(), NOW);
    long now = NOW.toEpochMilli();
    assertThat(checkAt(issued, now - AGE.toMillis())).isInstanceOf(Valid.class);
    assertThat(checkAt(issued, now - AGE.toMillis() - 1))
        .isEqualTo(new Invalid(Reason.OUT_OF_TIME));
    assertThat(checkAt(issued, now + SKEW.toMillis())).isInstanceOf(Valid.class);
    assertThat(checkAt(issued, now + SKEW.toMillis() + 1))
        .isEqualTo(new Invalid(Reason.OUT_OF_TIME));
    assertThat(checkAt(issued, Long.MAX_VALUE)).isEqualTo(new Invalid(Reason.OUT_OF_TIME));
    assertThat(checkAt(issued, Long.MIN_VALUE)).isEqualTo(new Invalid(Reason.OUT_OF_TIME));
  }

  @Test
  void shouldRefuseSignaturesOfKeysThatMayNotSignOrAreGone() {
    IssuedKey may = issuer.create(signing(), NOW);
    AccessKey mayNot = AccessKey.newBuilder(may.record()).setSigning(false).build();
    RecordSignature signature = sign(may, NOW.toEpochMilli());
    assertThat(check(mayNot, signature, VALUE)).isEqualTo(new Invalid(Reason.NOT_FOR_SIGNING));
    assertThat(check(KeyIssuer.revoke(may.record(), NOW), signature, VALUE))
        .isEqualTo(new Invalid(Reason.REVOKED));
    assertThat(KeyVerifier.ofFixed(SECRET, List.of()).check(signature, VALUE, NOW, AGE, SKEW))
        .isEqualTo(new Invalid(Reason.UNKNOWN));
    AccessKey withoutSecrets = AccessKey.newBuilder(may.record()).setHashes(List.of()).build();
    assertThat(check(withoutSecrets, signature, VALUE)).isEqualTo(new Invalid(Reason.MISMATCH));
  }

  @Test
  void shouldNameTheFieldOfAWrongSpec() {
    assertThatThrownBy(() -> KeySpec.of("", "acme")).hasMessageContaining("name: ");
    assertThatThrownBy(() -> KeySpec.of("k", "a/b")).hasMessageContaining("tenant: 'a/b' is not");
    assertThatThrownBy(
            () -> new KeySpec("k", "t", null, null, Set.of("a b"), Set.of(), Set.of(), false))
        .hasMessageContaining("models: 'a b' is not");
    assertThatThrownBy(
            () -> new KeySpec("k", "t", null, null, Set.of(), Set.of(), Set.of("v1"), false))
        .hasMessageContaining("endpoints: 'v1' is not a path");
  }

  private static KeySpec signing() {
    return new KeySpec("s", "acme", null, null, Set.of(), Set.of(), Set.of(), true);
  }

  private static RecordSignature sign(IssuedKey key, long atMillis) {
    return RecordSignature.sign(
        Objects.requireNonNull(key.signingKey()),
        key.record().getId(),
        atMillis,
        "nonce-0123456789",
        VALUE);
  }

  private static KeyCheck checkAt(IssuedKey key, long atMillis) {
    return check(key.record(), sign(key, atMillis), VALUE);
  }

  private static KeyVerifier verifier(AccessKey key) {
    return KeyVerifier.ofFixed(SECRET, List.of(key));
  }

  private static KeyCheck check(AccessKey key, String text) {
    return verifier(key).check(text, NOW);
  }

  private static KeyCheck check(AccessKey key, RecordSignature signature, byte[] value) {
    return verifier(key).check(signature, value, NOW, AGE, SKEW);
  }
}
