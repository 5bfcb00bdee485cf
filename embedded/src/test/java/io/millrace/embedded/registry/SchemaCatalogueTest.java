package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.registry.LogRecord.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchemaCatalogueTest {

  private final MemorySchemaLog log = new MemorySchemaLog();

  private SchemaCatalogue open() {
    RegistryState state = new RegistryState();
    log.replay(state::apply);
    return new SchemaCatalogue(log, state);
  }

  private static String fixed(int size) {
    return "{\"type\":\"fixed\",\"name\":\"F" + size + "\",\"size\":" + size + "}";
  }

  @Test
  void shouldGiveEachSchemaItsOwnIdWhenManyRegisterTogether() throws Exception {
    SchemaCatalogue catalogue = open();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Version>> pending = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int schema = i % 40;
        String subject = "s" + i % 80;
        pending.add(threads.submit(() -> catalogue.register(subject, fixed(schema + 1))));
      }
      for (Future<Version> each : pending) {
        each.get();
      }
    }
    assertThat(catalogue.subjects(false)).hasSize(80);
    List<Integer> ids =
        catalogue.subjects(false).stream()
            .flatMap(subject -> catalogue.versions(subject, false).stream())
            .map(Version::id)
            .distinct()
            .sorted()
            .toList();
    assertThat(ids).isEqualTo(IntStream.rangeClosed(1, 40).boxed().toList());
  }

  @Test
  void shouldNotGiveAnIdAgainWhenItsSchemaIsGoneForGood() {
    SchemaCatalogue catalogue = open();
    catalogue.register("s", fixed(1));
    int gone = catalogue.register("t", fixed(2)).id();
    catalogue.delete("t", false);
    catalogue.delete("t", true);
    assertThat(open().register("u", fixed(3)).id()).isGreaterThan(gone);
  }

  @Test
  void shouldKeepEverythingWhenReplayed() {
    SchemaCatalogue catalogue = open();
    catalogue.register("s", fixed(1));
    catalogue.setLevel("s", CompatibilityLevel.NONE);
    catalogue.setLevel(null, CompatibilityLevel.FULL);
    catalogue.register("s", fixed(2));
    catalogue.delete("s", java.util.Optional.of(1), false);
    SchemaCatalogue again = open();
    assertThat(again.versions("s", true)).isEqualTo(catalogue.versions("s", true)).hasSize(2);
    assertThat(again.versions("s", false)).extracting(Version::version).containsExactly(2);
    assertThat(again.levelFor("s")).isEqualTo(CompatibilityLevel.NONE);
    assertThat(again.levelFor("t")).isEqualTo(CompatibilityLevel.FULL);
    assertThat(again.resetLevel(null)).isEqualTo(CompatibilityLevel.FULL);
    assertThat(open().levelFor("t")).isEqualTo(CompatibilityLevel.BACKWARD);
  }
}
