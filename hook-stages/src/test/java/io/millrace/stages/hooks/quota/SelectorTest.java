package io.millrace.stages.hooks.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, gpt-4o, true",
    "gpt-4o, gpt-4o-mini, false",
    "gpt-*, gpt-4o-mini, true",
    "*, anything, true",
    "*-mini, gpt-4o-mini, true",
    "*-mini, gpt-4o, false",
    "a*b*c, aXXbYYc, true",
    "a*b*c, aXXbYY, false",
    "a**c, ac, true",
    "*aab, aaab, true",
    "(x)+, (x)+, true"
  })
  void shouldMatchByStars(String pattern, String value, boolean matches) {
    Selector selector = new Selector(Map.of(Dimension.MODEL, pattern));
    assertThat(selector.matches(new Subject(Map.of(Dimension.MODEL, value)))).isEqualTo(matches);
  }

  @Test
  void shouldMatchNobodyWithoutAValue() {
    Selector anyKey = new Selector(Map.of(Dimension.KEY, "*"));
    assertThat(anyKey.matches(new Subject(Map.of(Dimension.TENANT, "acme")))).isFalse();
    assertThat(Selector.ALL.matches(new Subject(Map.of()))).isTrue();
  }

  @Test
  void shouldGiveDifferentValuesDifferentKeysOfBoundedLength() {
    assertThat(StateKeys.of(List.of("a/1:b", "c"))).isNotEqualTo(StateKeys.of(List.of("a", "b/c")));
    assertThat(StateKeys.of(List.of("", "a"))).isNotEqualTo(StateKeys.of(List.of("a", "")));
    assertThat(StateKeys.of(List.of("x".repeat(5_000)))).hasSize(65).startsWith("#");
  }

  @Test
  void shouldWriteJson() {
    JsonText json = new JsonText().open().text("a", "\"\\\n").openList("b");
    json.open().number("c", 1).close().open().flag("d", true).close().closeList().close();
    assertThat(json.toString()).isEqualTo("{\"a\":\"\\\"\\\\\\n\",\"b\":[{\"c\":1},{\"d\":true}]}");
  }
}
