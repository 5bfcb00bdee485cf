package io.millrace.schemas.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFaultsTest {

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":[1,", "{\"a\":", "{\"a\"", "[{\"b\":\"x", "nope", "{]"})
  void shouldNameNothingOfTheParser(String text) {
    JsonProcessingException fault =
        catchThrowableOfType(JsonProcessingException.class, () -> new JsonMapper().readTree(text));
    assertThat(JsonFaults.reason(fault)).isNotBlank().doesNotContain("Source", "REDACTED");
  }
}
