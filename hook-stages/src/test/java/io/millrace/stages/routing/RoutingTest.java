package io.millrace.stages.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingTest {

  private final Routing routing =
      new Routing(providers(), "open", Map.of("fast", List.of("listed/small")));

  @ParameterizedTest
  @CsvSource({
    "open/anything, open/anything",
    "open/with/slash, open/with/slash",
    "listed/small, listed/small",
    "small, listed/small",
    "fast, listed/small",
    "auto, open/default",
    "whatever, open/whatever",
    "vendor/family, listed/vendor/family",
  })
  void shouldResolve(String model, String target) {
    assertThat(routing.resolve(model).map(Object::toString)).contains(target);
  }

  @ParameterizedTest
  @CsvSource({"listed/unknown", "nobody/model", "/model", "open/"})
  void shouldNotResolve(String model) {
    assertThat(routing.resolve(model)).isEmpty();
  }

  @Test
  void shouldSayWhatIsConfiguredWhenAModelIsNotFound() {
    assertThat(routing.notFound("x/y").message())
        .isEqualTo(
            "no provider answers for model 'x/y'; configured: open (any model), listed [small,"
                + " vendor/family]");
  }

  @Test
  void shouldTakeTheFirstModelForAutoWhenTheDefaultProviderHasAList() {
    Routing listed = new Routing(providers(), "listed", Map.of());
    assertThat(listed.resolve("auto").map(Object::toString)).contains("listed/small");
    assertThat(listed.resolve("unlisted")).isEmpty();
  }

  @Test
  void shouldRefuseADefaultProviderThatIsNotConfigured() {
    assertThatThrownBy(() -> new Routing(providers(), "other", Map.of()))
        .hasMessageContaining("'other'")
        .hasMessageContaining("[open, listed]");
  }

  private static Map<String, List<String>> providers() {
    Map<String, List<String>> providers = new LinkedHashMap<>();
    providers.put("open", List.of());
    providers.put("listed", List.of("small", "vendor/family"));
    return providers;
  }
}
