package io.millrace.stages;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.access.AccessKeys;
import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The hooks that have a say about pieces of streamed answers, in a process that runs no stages:
 * there the pieces come by. The other hooks of the chain are created to be asked whether they do,
 * and are never initialized. The hooks' view of keys is empty there. Thread-safe.
 */
public final class ChunkHooks implements AutoCloseable {

  private final HookChain chain;
  private final Opened opened;

  private ChunkHooks(HookChain chain, Opened opened) {
    this.chain = chain;
    this.opened = opened;
  }

  /**
   * Creates and initializes the hooks.
   *
   * @throws IllegalArgumentException when a hook refuses its configuration; names the hook
   * @throws IllegalStateException when a hook cannot be initialized; names it and the cause
   */
  public static ChunkHooks open(
      HookStagesConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters) {
    Opened opened = new Opened();
    try {
      AtomicReference<Consumer<PipelineEvent>> outward = new AtomicReference<>(event -> {});
      PipelineEvents events =
          opened.add(
              new PipelineEvents(
                  meters,
                  InstantSource.system(),
                  event -> Objects.requireNonNull(outward.get()).accept(event)));
      HookChain chain = chain(config, meters, events);
      if (!chain.hooks().isEmpty()) {
        outward.set(opened.add(sender(connection, topics, meters, opened)));
      }
      opened.add(chain).initialize();
      return new ChunkHooks(chain, opened);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static EventSender sender(
      KafkaConnection connection, TopicCatalogue topics, MeterRegistry meters, Opened opened) {
    SchemaRegistry registry = opened.add(connection.openRegistry());
    return EventSender.open(
        topics.events().name(),
        connection,
        new AvroSerdes(registry).forType(PipelineEvent.class).serializer(),
        meters);
  }

  private static HookChain chain(
      HookStagesConfig config, MeterRegistry meters, PipelineEvents events) {
    LoadGauge load = new LoadGauge(InstantSource.system());
    PipelineEvents unheard = new PipelineEvents(meters, InstantSource.system(), event -> {});
    HookChain all = new StageParts(config, meters, events, AccessKeys.NONE, load).chain(unheard);
    List<ActiveHook> hooks = all.hooks().stream().filter(ChunkHooks::seesChunks).toList();
    hooks.forEach(hook -> hook.tally().bindTo(meters, hook.name()));
    return new HookChain(hooks, unheard);
  }

  private static boolean seesChunks(ActiveHook hook) {
    return hook.overrides("onChunk", Chunk.class);
  }

  /** The way of one stream's pieces through those of the hooks that ran. */
  public Function<Chunk, ChunkResult> after(List<String> ran) {
    return after(chain, ran);
  }

  /** The same with a chain that is there; a hook that is not in it any more is left out (H6). */
  static Function<Chunk, ChunkResult> after(HookChain chain, List<String> ran) {
    List<ActiveHook> hooks =
        ran.stream().filter(chain::has).map(chain::hook).filter(ChunkHooks::seesChunks).toList();
    return hooks.isEmpty() ? ChunkResult::pass : new ChunkChain(hooks)::on;
  }

  /** Closes the hooks in reverse order. */
  @Override
  public void close() {
    opened.close();
  }
}
