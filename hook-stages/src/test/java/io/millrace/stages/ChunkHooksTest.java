package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks in a process that runs workers and no stages. */
class ChunkHooksTest {

  private static final Chunk CHUNK = new Chunk(0, "x");
  private static final KafkaConnection NOBODY =
      KafkaConnection.of("127.0.0.1:1", "http://127.0.0.1:1");

  private final List<String> life = new ArrayList<>();
  @TempDir Path folder;

  private ChunkHooks open(HookFactory... factories) {
    HookStagesConfig defaults = HookStagesConfig.defaults(folder);
    return ChunkHooks.open(
        factories.length == 0
            ? defaults
            : defaults.withHooks(java.util.Arrays.stream(factories).map(HookSetting::of).toList()),
        NOBODY,
        new TopicCatalogue("t.", 1),
        new SimpleMeterRegistry());
  }

  @Test
  void shouldLeadPiecesThroughTheHooksThatRanAndNoOthers() {
    try (ChunkHooks hooks = open(adding("a"), silent("b"), adding("c"), adding("d"))) {
      assertThat(hooks.after(List.of("a", "b", "d", "gone")).apply(CHUNK))
          .isEqualTo(ChunkResult.pass(new Chunk(0, "xda")));
      assertThat(hooks.after(List.of()).apply(CHUNK)).isEqualTo(ChunkResult.pass(CHUNK));
    }
  }

  @Test
  void shouldInitializeAndCloseOnlyHooksThatSeePieces() {
    open(adding("a"), silent("b"), adding("c")).close();
    assertThat(life).containsExactly("open a", "open c", "close c", "close a");
  }

  @Test
  void shouldNeedNoClusterWhenNoHookSeesPieces() {
    try (ChunkHooks hooks = open()) {
      assertThat(hooks.after(List.of("logging")).apply(CHUNK)).isEqualTo(ChunkResult.pass(CHUNK));
    }
  }

  private HookFactory adding(String name) {
    return factory(
        name,
        new Recorded(name) {
          @Override
          public ChunkResult onChunk(Chunk chunk) {
            return ChunkResult.pass(new Chunk(chunk.sequence(), chunk.json() + name));
          }
        });
  }

  private HookFactory silent(String name) {
    return factory(name, new Recorded(name));
  }

  private static HookFactory factory(String name, Hook hook) {
    return new HookFactory() {
      @Override
      public HookDescriptor descriptor() {
        return HookDescriptor.of(name, "A hook under test.").build();
      }

      @Override
      public Hook create(Map<String, Object> config, HookEnvironment environment) {
        return hook;
      }
    };
  }

  /** Notes its life. */
  public class Recorded implements Hook {
    private final String name;

    Recorded(String name) {
      this.name = name;
    }

    @Override
    public void initialize() {
      life.add("open " + name);
    }

    @Override
    public void close() {
      life.add("close " + name);
    }
  }
}
