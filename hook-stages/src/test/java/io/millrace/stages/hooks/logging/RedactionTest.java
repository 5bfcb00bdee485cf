package io.millrace.stages.hooks.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mail me at jo.doe+x@mail.example.org now | mail me at [email] now",
        "Authorization: Bearer abcdefgh12345678 | Authorization: [bearer]",
        "the key sk-proj-abc123DEF456 leaked | the key [key] leaked",
        "sent mrs_abcdefgh2345_0123456789abcdef | sent [key]",
        "card 4111 1111 1111 1111 please | card [card] please",
        "from 192.168.0.17 again | from [ip] again",
        "call +49 151 2345 6789 | call [phone]",
        "nothing to see in version 1.2.3 of 2026 | nothing to see in version 1.2.3 of 2026",
      })
  void shouldTakeOutSecretsAndPersonalData(String text, String redacted) {
    assertThat(Redaction.redact(text)).isEqualTo(redacted);
  }

  @Test
  void shouldCutLongTextsBeforeThePatternsSeeThem() {
    String long9s = "9 ".repeat(200_000);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () ->
            assertThat(Redaction.redact(long9s).length())
                .isLessThanOrEqualTo(Redaction.MAX_CHARACTERS + 1));
  }
}
