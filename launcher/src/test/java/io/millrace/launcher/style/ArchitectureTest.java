package io.millrace.launcher.style;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Dependencies between the modules point one way: see docs/decisions/0001 and 0003. */
class ArchitectureTest {

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.millrace");

  /** Module by module, what else of Millrace it may use. */
  private static final Map<String, List<String>> MAY_USE =
      new TreeMap<>(
          Map.of(
              "plugin", List.of(),
              "plugins", List.of("plugin"),
              "schemas", List.of("plugin"),
              "embedded", List.of("schemas", "plugin"),
              "ingest", List.of("schemas", "plugin"),
              "stages", List.of("schemas", "plugin"),
              "workers", List.of("schemas", "plugin"),
              "analytics", List.of("schemas", "plugin")));

  @Test
  void shouldDependOneWayWhenCrossingModules() {
    MAY_USE.forEach(
        (module, allowed) -> {
          String[] others =
              MAY_USE.keySet().stream()
                  .filter(other -> !other.equals(module) && !allowed.contains(other))
                  .map(ArchitectureTest::inModule)
                  .toArray(String[]::new);
          noClasses()
              .that()
              .resideInAPackage(inModule(module))
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage(others).or(resideInAPackage(inModule("launcher"))))
              .check(PRODUCT);
        });
  }

  @Test
  void shouldKnowEveryModuleWhenCheckingLayers() {
    Set<String> modules = new java.util.TreeSet<>();
    PRODUCT.forEach(type -> modules.add(moduleOf(type.getPackageName())));
    modules.remove("launcher");
    assertThat(modules).containsExactlyElementsOf(MAY_USE.keySet());
  }

  @Test
  void shouldNeedNothingButTheJdkWhenInPluginApi() {
    classes()
        .that()
        .resideInAPackage(inModule("plugin"))
        .and()
        .resideOutsideOfPackage("io.millrace.plugin.tck")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(inModule("plugin"), "java..", "org.jspecify.annotations"))
        .check(PRODUCT);
  }

  @Test
  void shouldHaveNoCyclesWhenLookingAtPackages() {
    SlicesRuleDefinition.slices()
        .matching("io.millrace.(**)")
        .should()
        .beFreeOfCycles()
        .check(PRODUCT);
  }

  @Test
  void shouldKeepBrokerInternalsInTheEmbeddedBroker() {
    noClasses()
        .that(not(resideInAPackage("io.millrace.embedded.broker")))
        .should()
        .dependOnClassesThat(resideInAnyPackage("kafka..", "scala..", "org.apache.kafka.server.."))
        .check(PRODUCT);
  }

  /** The name after {@code io.millrace.}, up to the next dot. */
  private static String moduleOf(String packageName) {
    String rest = packageName.substring("io.millrace.".length());
    return rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
  }

  private static String inModule(String module) {
    return "io.millrace." + module + "..";
  }
}
