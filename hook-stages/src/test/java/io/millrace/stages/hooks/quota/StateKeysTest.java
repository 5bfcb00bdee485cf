package io.millrace.stages.hooks.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StateKeysTest {

  @Test
  void shouldShowTheValuesItWasMadeOf() {
    assertThat(StateKeys.shown(StateKeys.of(List.of()))).isEmpty();
    assertThat(StateKeys.shown(StateKeys.of(List.of("acme")))).isEqualTo("acme");
    assertThat(StateKeys.shown(StateKeys.of(List.of("a/b:c", "", "#d")))).isEqualTo("a/b:c, , #d");
  }

  @Test
  void shouldShowTheHashWhenTheValuesAreTooLong() {
    String key = StateKeys.of(List.of("x".repeat(StateKeys.MAX_CHARACTERS)));

    assertThat(key).startsWith("#").hasSizeLessThanOrEqualTo(StateKeys.MAX_CHARACTERS);
    assertThat(StateKeys.shown(key)).isEqualTo(key);
  }

  @Test
  void shouldTellListsOfValuesApart() {
    assertThat(StateKeys.of(List.of("a", "b"))).isNotEqualTo(StateKeys.of(List.of("a/b")));
    assertThat(StateKeys.of(List.of("ab"))).isNotEqualTo(StateKeys.of(List.of("a", "b")));
  }
}
