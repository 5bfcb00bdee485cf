package io.millrace.stages.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.ModelInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  @Test
  void shouldLetTheConfigurationWinOverWhatAProviderReports() {
    ModelInfo told = ModelInfo.of("big").withPrice(new TokenPrice(9, 9));
    ModelInfo described = ModelInfo.of("small");
    RoutingPolicy policy =
        new RoutingPolicy(
            StrategySetting.of("priority"),
            Map.of(
                new Target("listed", "small"), described,
                new Target("listed", "priced"), ModelInfo.priced("priced", new TokenPrice(1, 2)),
                new Target("listed", "off"), off("off"),
                new Target("listed", "*"), ModelInfo.priced("*", new TokenPrice(3, 4))),
            Map.of(),
            Map.of(),
            3);
    Routing asked =
        new Routing(providers(), "open", Map.of(), policy)
            .withAsked(List.of("listed"))
            .withReports(
                Map.of(
                    "listed",
                    List.of(
                        told, ModelInfo.of("small"), ModelInfo.of("priced"), ModelInfo.of("off"))));
    assertThat(asked.modelOf(new Target("listed", "small"))).isSameAs(described);
    assertThat(asked.modelOf(new Target("listed", "priced")))
        .isEqualTo(ModelInfo.of("priced").withPrice(new TokenPrice(1, 2)));
    assertThat(asked.modelOf(new Target("listed", "big")))
        .isEqualTo(told.withPrice(new TokenPrice(3, 4)));
    assertThat(asked.candidates("off"))
        .as("switched off")
        .doesNotContain(new Target("listed", "off"));
    assertThat(asked.candidates("listed/whatever")).as("its list is not the whole").hasSize(1);
  }

  @Test
  void shouldNotSendElsewhereWhatAddressesAConfiguredProvider() {
    RoutingPolicy policy =
        new RoutingPolicy(
            StrategySetting.of("priority"),
            Map.of(new Target("listed", "small"), off("small")),
            Map.of(),
            Map.of(),
            3);
    List<ModelInfo> told =
        List.of(
            ModelInfo.of("listed/small"), ModelInfo.of("listed/none"), ModelInfo.of("org/model"));
    Routing asked =
        new Routing(providers(), "listed", Map.of(), policy)
            .withAsked(List.of("open"))
            .withReports(Map.of("open", told));
    assertThat(asked.candidates("listed/small")).as("switched off").isEmpty();
    assertThat(asked.candidates("listed/none")).as("not in its list").isEmpty();
    assertThat(asked.candidates("org/model")).containsExactly(new Target("open", "org/model"));
    Map<String, List<String>> named = providers();
    named.put("third", List.of("listed/small"));
    assertThat(new Routing(named, "listed", Map.of(), policy).candidates("listed/small"))
        .as("the configuration says so")
        .containsExactly(new Target("third", "listed/small"));
  }

  @Test
  void shouldTakeTheFirstReportedModelsForAutoOnly() {
    List<ModelInfo> many = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      many.add(ModelInfo.of("m" + i));
    }
    Routing asked =
        new Routing(providers(), "listed", Map.of())
            .withAsked(List.of("open"))
            .withReports(Map.of("open", many));
    assertThat(asked.candidates("auto")).hasSize(2 + ModelLookup.MAX_REPORTED_FOR_AUTO);
    assertThat(asked.candidates("m499")).containsExactly(new Target("open", "m499"));
  }

  private static ModelInfo off(String name) {
    return new ModelInfo(
        name, false, false, true, true, Set.of(), null, null, null, null, null, null, null, null,
        null, null, null);
  }

  private static Map<String, List<String>> providers() {
    Map<String, List<String>> providers = new LinkedHashMap<>();
    providers.put("open", List.of());
    providers.put("listed", List.of("small", "vendor/family"));
    return providers;
  }
}
