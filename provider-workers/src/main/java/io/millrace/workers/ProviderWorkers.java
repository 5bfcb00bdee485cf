package io.millrace.workers;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.schemas.health.ProviderBlocks;
import io.millrace.schemas.health.ProviderHealthTable;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.PacedProducer;
import io.millrace.schemas.kafka.TopicLook;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.workers.engine.EngineProviderFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Consumes the dispatch topics of the configured providers, calls the providers, and sends every
 * outcome to where its exchange came from. One consumer group for each provider, so any number of
 * processes share the work. Thread-safe.
 *
 * <p>A dispatch counts as done once the broker has acknowledged its outcome and a record of every
 * call. After a crash only the calls that were in flight are repeated.
 */
public final class ProviderWorkers implements AutoCloseable {

  private static final Duration PRODUCER_CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final SchemaRegistry registry;
  private final Producer<byte[], byte[]> producer;
  private final ProviderBlocks blocks;
  private final List<ProviderWorker> workers = new ArrayList<>();
  private final ProviderHealthTable health;
  private final TopicLook look;

  private ProviderWorkers(
      SchemaRegistry registry,
      ProviderBlocks blocks,
      ProviderHealthTable health,
      Producer<byte[], byte[]> producer,
      TopicLook look) {
    this.look = look;
    this.registry = registry;
    this.blocks = blocks;
    this.producer = producer;
    this.health = health;
  }

  /**
   * Starts workers for the provider types found on the class path; returns at once.
   *
   * @throws IllegalArgumentException when a provider's type is not known or its settings are wrong;
   *     nothing stays open then
   */
  public static ProviderWorkers start(
      ProviderWorkersConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters) {
    return start(config, connection, topics, meters, List.of());
  }

  /**
   * Starts workers that look after providers as by default; returns at once.
   *
   * @param types further provider types; they win over those on the class path
   * @throws IllegalArgumentException when a provider's type is not known or its settings are wrong;
   *     nothing stays open then
   */
  public static ProviderWorkers start(
      ProviderWorkersConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters,
      Collection<ProviderFactory> types) {
    return start(
        config,
        HealthSetting.defaults(),
        connection,
        topics,
        meters,
        WorkerPlugins.ofTypes(types),
        ChunkFilter.NONE);
  }

  /**
   * Starts workers; returns at once.
   *
   * @param looks how providers are looked after
   * @param plugins further provider types, engines and loaders
   * @param filter what hooks make of the pieces of streamed answers
   * @throws IllegalArgumentException when a provider's type is not known or its settings are wrong;
   *     nothing stays open then
   */
  public static ProviderWorkers start(
      ProviderWorkersConfig config,
      HealthSetting looks,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters,
      WorkerPlugins plugins,
      ChunkFilter filter) {
    SchemaRegistry registry = connection.openRegistry();
    Producer<byte[], byte[]> producer =
        new PacedProducer<>(
            WorkerClients.producer(config, connection),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            topics::goesOnBy);
    AvroSerdes serdes = new AvroSerdes(registry, connection.properties());
    ProviderBlocks blocks = ProviderBlocks.start(topics, connection, serdes, "workers");
    ProviderHealthTable health = ProviderHealthTable.start(topics, connection, serdes, "workers");
    ProviderWorkers started =
        new ProviderWorkers(
            registry, blocks, health, producer, new TopicLook(connection, config.workerId()));
    try {
      WorkerEvents events =
          new EventRecords(topics, connection, registry, producer, InstantSource.system());
      EngineProviderFactory engine =
          new EngineProviderFactory(
              plugins.engines(), plugins.loaders(), meters, events, InstantSource.system());
      Map<String, Provider> providers =
          new ProviderTypes(engine, plugins.types()).createAll(config.providers());
      WorkerAssembly assembly =
          new WorkerAssembly(
              config,
              looks,
              connection,
              topics,
              meters,
              serdes,
              blocks,
              health,
              producer,
              filter,
              events,
              started.look::look);
      providers.forEach((name, provider) -> started.workers.add(assembly.assemble(name, provider)));
      started.workers.forEach(ProviderWorker::start);
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /** Whether every provider's worker is a member of its group, and what is blocked is known. */
  public boolean ready() {
    return failure().isEmpty()
        && blocks.caughtUp()
        && workers.stream().allMatch(ProviderWorker::ready);
  }

  /** Why a worker stopped by itself, if one did. */
  public Optional<Throwable> failure() {
    return workers.stream().flatMap(worker -> worker.failure().stream()).findFirst();
  }

  /**
   * Stops: nothing new is begun, calls in flight may finish for the configured time, then the rest
   * is stopped and left to others. Idempotent.
   */
  @Override
  public synchronized void close() {
    workers.forEach(ProviderWorker::requestClose);
    workers.forEach(ProviderWorker::close);
    workers.clear();
    health.close();
    blocks.close();
    producer.close(PRODUCER_CLOSE_TIMEOUT);
    look.close();
    registry.close();
  }
}
