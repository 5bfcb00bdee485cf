package io.millrace.stages.hooks.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.model.Target;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    assertThat(settings.duration("x", Duration.ofDays(2), Duration.ZERO, Duration.ZERO)).hasDays(2);
    assertThat(settings.integer("x", 0, 9)).isNull();
    assertThat(settings.number("x", 0, 9)).isNull();
    assertThat(settings.section("x", "y").has("y")).isFalse();
    assertThat(settings.named("x", 1).keys()).isEmpty();
    assertThat(settings.flag("f", false)).isTrue();
    assertThat(settings.oneOf("e", OnError.CONTINUE)).isEqualTo(OnError.FAIL);
    assertThat(settings.texts("l", 3, 10)).containsExactly("a");
    assertThat(settings.sections("x", 3)).isEmpty();
  }

  @Test
  void shouldNameTheKeyWhenAValueIsWrong() {
    Settings settings = Settings.of(Map.of("n", 5.5, "d", "soon", "e", "maybe"), "n", "d", "e");
    assertThatThrownBy(() -> settings.integer("n", 1, 0, 9))
        .hasMessage("n must be a whole number from 0 to 9, is '5.5'");
    assertThatThrownBy(() -> settings.duration("d", Duration.ZERO, Duration.ofHours(1)))
        .hasMessage("d must be a duration such as 50ms, 30s or 24h, from 0s to 1h, is 'soon'");
    assertThatThrownBy(() -> settings.oneOf("e", OnError.CONTINUE))
        .hasMessage("e must be one of continue, fail, is 'maybe'");
    assertThatThrownBy(() -> settings.number("n", 1, 0, 5))
        .hasMessage("n must be a number from 0 to 5, is '5.5'");
    assertThatThrownBy(() -> settings.number("n", 1, 0.01, 1))
        .hasMessage("n must be a number from 0.01 to 1, is '5.5'");
  }

  @Test
  void shouldNameThePathOfWhatIsUnknown() {
    assertThatThrownBy(() -> Settings.of(Map.of("y", 1), "n"))
        .hasMessage("unknown keys [y]; known: [n]");
    Settings outer = Settings.of(Map.of("rules", List.of(Map.of("z", 1))), "rules");
    assertThatThrownBy(() -> outer.sections("rules", 5, "match"))
        .hasMessage("unknown keys [z] in rules[0]; known: [match]");
    Settings inner = Settings.of(Map.of("m", Map.of("k", -1)), "m").section("m", "k");
    assertThatThrownBy(() -> inner.integer("k", 0, 0, 1)).hasMessageStartingWith("m.k must be");
    assertThatThrownBy(() -> inner.section("k")).hasMessage("m.k must be an object, is '-1'");
    assertThatThrownBy(() -> inner.texts("k", 1, 1)).hasMessageStartingWith("m.k must be a list");
  }

  @Test
  void shouldNameTheEntryWhenOneOfAListIsWrong() {
    Settings settings = Settings.of(Map.of("l", List.of("a", 5)), "l");
    assertThatThrownBy(() -> settings.texts("l", 3, 10))
        .hasMessage("l[1] must be a text of 1 to 10 characters, is '5'");
    assertThatThrownBy(() -> settings.sections("l", 3))
        .hasMessage("l[0] must be an object, is 'a'");
    assertThatThrownBy(() -> settings.texts("l", 1, 10))
        .hasMessageStartingWith("l must be a list of at most 1 entries");
  }

  @Test
  void shouldSayWhatWouldBeRightWhenAKeyIsMissing() {
    Settings settings = Settings.of(Map.of(), "k");
    assertThatThrownBy(() -> settings.requiredInteger("k", 1, 9))
        .hasMessage("k is missing; it must be a whole number from 1 to 9");
    assertThatThrownBy(() -> settings.requiredText("k", 9))
        .hasMessage("k is missing; it must be a text of 1 to 9 characters");
    assertThatThrownBy(() -> settings.requiredOneOf("k", OnError.class))
        .hasMessage("k is missing; it must be one of continue, fail");
  }

  @Test
  void shouldTakeWholeNumbersExactly() {
    Settings settings =
        Settings.of(
            Map.of(
                "most",
                Long.MAX_VALUE,
                "over",
                new BigInteger("9223372036854775808"),
                "real",
                1e3,
                "none",
                Double.NaN,
                "huge",
                1e300),
            "most",
            "over",
            "real",
            "none",
            "huge");
    assertThat(settings.integer("most", 0, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    assertThat(settings.integer("real", 0, 1_000)).isEqualTo(1_000);
    for (String key : List.of("over", "none", "huge")) {
      assertThatThrownBy(() -> settings.integer(key, Long.MIN_VALUE, Long.MAX_VALUE))
          .hasMessageStartingWith(key + " must be a whole number");
    }
    assertThatThrownBy(() -> settings.number("none", 0, 1)).hasMessageContaining("from 0 to 1");
  }

  @ParameterizedTest
  @CsvSource({
    "0ms, 0s",
    "1500ms, 1500ms",
    "60s, 1m",
    "90m, 90m",
    "48h, 2d",
    "999999999d, 999999999d",
    "999999999ms, 999999999ms",
    "1000000000d,",
    "1w,",
    "-1s,",
    "' 1s',",
  })
  void shouldReadDurationsAndWriteThemShort(String text, @Nullable String written) {
    Duration duration = DurationText.parse(text);
    assertThat(duration == null ? null : DurationText.of(duration)).isEqualTo(written);
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
