package io.millrace.stages.hooks.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.model.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  @Test
  void shouldReadWhatIsThereAndFallBackWhereNothingIs() {
    Settings settings =
        Settings.of(
            Map.of("n", 5, "d", "2m", "f", true, "e", "fail", "l", List.of("a")),
            "n",
            "d",
            "f",
            "e",
            "l",
            "x");
    assertThat(settings.integer("n", 1, 0, 9)).isEqualTo(5);
    assertThat(settings.integer("x", 1, 0, 9)).isEqualTo(1);
    assertThat(settings.duration("d", Duration.ZERO, Duration.ofHours(1))).hasMinutes(2);
    assertThat(settings.duration("x", Duration.ZERO, Duration.ofHours(1))).isNull();
    assertThat(settings.flag("f", false)).isTrue();
    assertThat(settings.oneOf("e", OnError.CONTINUE)).isEqualTo(OnError.FAIL);
    assertThat(settings.texts("l", 3, 10)).containsExactly("a");
    assertThat(settings.objects("x", 3)).isEmpty();
  }

  @Test
  void shouldNameTheKeyWhenAValueIsWrong() {
    Settings settings = Settings.of(Map.of("n", 5.5, "d", "soon", "e", "maybe"), "n", "d", "e");
    assertThatThrownBy(() -> settings.integer("n", 1, 0, 9))
        .hasMessage("n must be a whole number from 0 to 9, is '5.5'");
    assertThatThrownBy(() -> settings.duration("d", Duration.ZERO, Duration.ofHours(1)))
        .hasMessage(
            "d must be a duration such as 50ms, 5s, 2m or 1h, from 0 ms to 3600000 ms, is 'soon'");
    assertThatThrownBy(() -> settings.oneOf("e", OnError.CONTINUE))
        .hasMessage("e must be one of continue, fail, is 'maybe'");
    assertThatThrownBy(() -> settings.number("n", 1, 0, 5))
        .hasMessage("n must be a number from 0.0 to 5.0, is '5.5'");
  }

  @Test
  void shouldNameThePathOfWhatIsUnknown() {
    assertThatThrownBy(() -> Settings.of(Map.of("y", 1), "n"))
        .hasMessage("unknown keys [y]; known: [n]");
    Settings outer = Settings.of(Map.of("rules", List.of(Map.of("z", 1))), "rules");
    assertThatThrownBy(() -> outer.objects("rules", 5, "match"))
        .hasMessage("unknown keys [z] in rules[0]; known: [match]");
    Settings inner = Settings.of(Map.of("m", Map.of("k", -1)), "m").object("m", "k");
    assertThatThrownBy(() -> Objects.requireNonNull(inner).integer("k", 0, 0, 1))
        .hasMessageStartingWith("m.k must be");
  }

  @ParameterizedTest
  @CsvSource({
    "openai/gpt-4o*, true",
    "openai/*, true",
    "*, true",
    "gpt-4o-mini, true",
    "gpt-*-mini, true",
    "gpt-4o, false",
    "anthropic/*, false",
    "*gpt, false",
    "openai/gpt-4o-mini-x, false",
  })
  void shouldMatchNamesOfModels(String pattern, boolean matches) {
    assertThat(new ModelPattern(pattern).matches(new Target("openai", "gpt-4o-mini")))
        .isEqualTo(matches);
  }

  @Test
  void shouldWeighExactNamesMost() {
    assertThat(new ModelPattern("a/bc").weight())
        .isGreaterThan(new ModelPattern("a/bc*").weight())
        .isGreaterThan(new ModelPattern("a/b*").weight());
  }
}
