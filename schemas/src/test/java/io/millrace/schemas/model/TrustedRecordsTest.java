package io.millrace.schemas.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.avro.CompletionRequest;
import java.net.URI;
import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.api.Test;

class TrustedRecordsTest {

  @Test
  void shouldVouchForGeneratedRecordsAndNothingElse() {
    TrustedRecords.trust();

    assertThatCode(() -> ClassSecurityValidator.validate(CompletionRequest.class))
        .doesNotThrowAnyException();
    assertThatCode(() -> ClassSecurityValidator.validate(String.class)).doesNotThrowAnyException();
    assertThatThrownBy(() -> ClassSecurityValidator.validate(URI.class))
        .isInstanceOf(SecurityException.class);
  }
}
