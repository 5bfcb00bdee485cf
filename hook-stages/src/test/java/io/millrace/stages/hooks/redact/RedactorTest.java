package io.millrace.stages.hooks.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  private final Redactor redactor = Redactor.standard();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mail me at jo.doe+x@mail.example.org now | mail me at [email] now",
        "jörg@müller.example. | [email].",
        "Authorization: Bearer abcdefgh12345678 | Authorization: [bearer]",
        "the key sk-proj-abc123DEF456 leaked | the key [key] leaked",
        "mr_live0123456789abcdef | [key]",
        "sent mrs_abcdefgh2345_0123456789abcdef | sent [key]",
        "AKIAIOSFODNN7EXAMPLE! | [key]!",
        "t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl; | t=[jwt];",
        "card 4111 1111 1111 1111 please | card [card] please",
        "card 4111-1111-1111-1111 123 | card [card] 123",
        "amex 378282246310005 | amex [card]",
        "pay DE89 3704 0044 0532 0130 00 today | pay [iban] today",
        "pay AT611904300234573201 | pay [iban]",
        "pay AT61 1904 3002 3457 3201 THIS week | pay [iban] THIS week",
        "from 192.168.0.17 again | from 192.168.0.0 again",
        "from 2001:db8:85a3::8a2e:370:7334: hello | from 2001:db8:85a3::: hello",
        "from ::ffff:10.1.2.3 | from ::ffff:10.1.2.0",
        "ssn 123-45-6789. | ssn [ssn].",
        "call +49 151 2345 6789 | call [phone]",
        "call (212) 555-0187 or 212-555-0187 | call [phone] or [phone]",
        "call +1 (212) 555-0187 | call [phone]",
      })
  void shouldTakeOutSecretsAndPersonalData(String text, String redacted) {
    assertThat(redactor.forLog(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing to see in version 1.2.3 of 2026",
        "4111 1111 1111 1112 has a wrong check digit",
        "DE88 3704 0044 0532 0130 00 has wrong check digits",
        "order 1767225600000000 and 20261121101500",
        "the bearer instruments of the sk-learn-tutorial",
        "std::vector at 12:30:45, dead::beef",
        "000-12-3456 and 123-00-4567 and 912-34-5678 were never given out",
        "300.1.2.3 is no address, nor is 1.2.3.4.5",
        "a@b is none, @example.org neither",
        "-----BEGIN CERTIFICATE----- is public",
      })
  void shouldLeaveOtherThingsAlone(String text) {
    assertThat(redactor.forLog(text)).isEqualTo(text);
  }

  @Test
  void shouldTakeOutPrivateKeysWithAndWithoutAnEnd() {
    String body = "MIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ==\n";
    assertThat(
            redactor.forLog(
                "a -----BEGIN RSA PRIVATE KEY-----\n" + body + "-----END RSA PRIVATE KEY----- b"))
        .isEqualTo("a [private_key] b");
    assertThat(redactor.forLog("a -----BEGIN PRIVATE KEY-----\n" + body + "(cut off"))
        .isEqualTo("a [private_key](cut off");
  }

  @Test
  void shouldCutLongTextsForLogs() {
    assertThat(redactor.forLog("9 ".repeat(200_000)))
        .hasSizeLessThanOrEqualTo(Redactor.MAX_LOG_CHARACTERS + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "9 ",
        "9-",
        "a@",
        "a.",
        "eyJ",
        "eyJ-",
        "bearer ",
        "sk-",
        "sk-a1",
        "+1",
        "+ (",
        "::",
        "a:",
        "1.",
        "-----BEGIN PRIVATE KEY-----",
        "-----END ",
        "DE89",
        "DE89 ",
        "4111 ",
        "(212) ",
        "-"
      })
  void shouldTakeTimeLinearInTheText(String part) {
    String text = part.repeat(1_000_000 / part.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> assertThat(redactor.replace(text, Finding::mask)).isNotNull());
  }

  @Test
  void shouldFindWhatAUserLooksForFirst() {
    Redactor own =
        Redactor.of(
            List.of("email"),
            List.of(
                new CustomDetector(
                    "staff", com.google.re2j.Pattern.compile("[a-z]+@corp\\.example"))));
    assertThat(own.replace("jo@corp.example, jo@x.example, 10.0.0.1", Finding::mask))
        .isEqualTo("[staff], [email], 10.0.0.1");
  }

  @Test
  void shouldFindWithoutOverlapsAndChangeNothingElseWhateverTheText() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] pieces = {
      "jo@x.example",
      "4111111111111111",
      " ",
      "sk-abc12345678",
      "10.0.0.1",
      "\n",
      "é",
      "😀",
      ":",
      "-",
      "Bearer ",
      "abc12345",
      "+49 151 23456789",
      "\"",
      "\\"
    };
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      String whole = text.toString();
      int end = 0;
      for (Finding finding : redactor.find(whole)) {
        assertThat(finding.start()).as("seed %s: %s", seed, whole).isGreaterThanOrEqualTo(end);
        end = finding.end();
      }
      assertThat(redactor.replace(whole, finding -> finding.in(whole)))
          .as("seed %s", seed)
          .isEqualTo(whole);
    }
  }
}
