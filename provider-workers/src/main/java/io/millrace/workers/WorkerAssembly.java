package io.millrace.workers;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.provider.Provider;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.avro.ReportedModels;
import io.millrace.schemas.health.ProviderBlockView;
import io.millrace.schemas.health.ProviderHealthTable;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LostTopics;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;

/** Puts the worker of a provider together. */
final class WorkerAssembly {

  private static final Duration OUTAGE_BACKOFF = Duration.ofMillis(100);
  private static final Duration MAX_OUTAGE_BACKOFF = Duration.ofSeconds(5);

  private final ProviderWorkersConfig config;
  private final KafkaConnection connection;
  private final TopicCatalogue topics;
  private final MeterRegistry meters;
  private final AvroSerdes serdes;
  private final ProviderBlockView blocks;
  private final Producer<byte[], byte[]> producer;
  private final ProviderHealthTable health;
  private final ChunkFilter filter;
  private final WorkerEvents events;
  private final SendFailures failures;
  private final TimeSource time = TimeSource.SYSTEM;
  private final DoubleSupplier random = WorkerAssembly::nextRandom;
  private final HealthSetting looks;

  WorkerAssembly(
      ProviderWorkersConfig config,
      HealthSetting looks,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters,
      AvroSerdes serdes,
      ProviderBlockView blocks,
      ProviderHealthTable health,
      Producer<byte[], byte[]> producer,
      ChunkFilter filter,
      WorkerEvents events,
      LostTopics.Look look) {
    this.config = config;
    this.looks = looks;
    this.connection = connection;
    this.topics = topics;
    this.meters = meters;
    this.serdes = serdes;
    this.blocks = blocks;
    this.health = health;
    this.producer = producer;
    this.filter = filter;
    this.events = events;
    this.failures = SendFailures.of(look, SendFailures.own(topics), time);
  }

  private static boolean unwell(ProviderHealth health) {
    return health.getState() == HealthState.DOWN || health.getState() == HealthState.RECOVERING;
  }

  /** A worker that is not started yet. */
  ProviderWorker assemble(String name, Provider provider) {
    ProviderSetting setting = Objects.requireNonNull(config.providers().get(name), name);
    WorkerMeters workerMeters = new WorkerMeters(meters, name, setting.models());
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    ExchangeHandler handler = handler(name, setting, provider, workerMeters);
    DispatchLoop loop =
        new DispatchLoop(
            new KafkaConsumer<>(WorkerClients.consumer(name, config, connection, topics)),
            () ->
                new KafkaConsumer<>(WorkerClients.secondConsumer(name, config, connection, topics)),
            lanesByTopic(name),
            delivery -> calls.execute(() -> handler.handle(delivery)),
            new InFlightLimit(setting.maxInFlight(), config.interactiveReservePercent()),
            new ReadAhead(),
            config,
            time,
            workerMeters);
    List<Runnable> watches = new ArrayList<>();
    watches.add(probe(name, setting, provider, calls, workerMeters));
    if (config.discovering().contains(name)) {
      watches.add(modelWatch(name, setting, provider, calls, workerMeters));
    }
    return new ProviderWorker(name, provider, loop, calls, workerMeters, watches);
  }

  private ModelWatch modelWatch(
      String name,
      ProviderSetting setting,
      Provider provider,
      ExecutorService calls,
      WorkerMeters workerMeters) {
    ModelRecords records =
        new ModelRecords(
            name,
            config.workerId(),
            topics.providerModels().name(),
            serdes.forType(ReportedModels.class).serializer());
    Outbox outbox = outbox(workerMeters);
    return new ModelWatch(
        name,
        provider,
        setting.keys(),
        looks.timeout(),
        models -> outbox.send(List.of(() -> records.report(models, time.now()))),
        calls,
        time,
        random);
  }

  private HealthProbe probe(
      String name,
      ProviderSetting setting,
      Provider provider,
      ExecutorService calls,
      WorkerMeters workerMeters) {
    WorkerRecords records = records(name);
    Outbox outbox = outbox(workerMeters);
    return new HealthProbe(
        name,
        provider,
        setting.keys(),
        looks,
        new HealthProbe.ProbedCalls(
            workerMeters::callsSoFar,
            () -> health.of(name).stream().anyMatch(WorkerAssembly::unwell),
            trace -> outbox.sendOnce(() -> records.probe(trace))),
        calls,
        time,
        random);
  }

  private Outbox outbox(WorkerMeters workerMeters) {
    return new Outbox(
        producer,
        new Backoff(OUTAGE_BACKOFF, MAX_OUTAGE_BACKOFF, random),
        failures,
        time,
        workerMeters);
  }

  private WorkerRecords records(String name) {
    return new WorkerRecords(name, config.workerId(), topics, serdes);
  }

  private ExchangeHandler handler(
      String name, ProviderSetting setting, Provider provider, WorkerMeters workerMeters) {
    Backoff outage = new Backoff(OUTAGE_BACKOFF, MAX_OUTAGE_BACKOFF, random);
    CallExecutor executor =
        new CallAssembly(
                name, setting, health, random, time, workerMeters, config.workerId(), events)
            .executor(provider);
    WorkerRecords records = records(name);
    return new ExchangeHandler(
        new ExchangeReader(serdes.forType(Exchange.class).deserializer(), outage, time),
        new RecentAttempts(config.dedupEntries()),
        executor,
        new ChunkStreams(records, producer, filter, time, new ChunkMeters(meters, name), events),
        new LatencyOutlook(time),
        blocks,
        records,
        outbox(workerMeters),
        time,
        workerMeters);
  }

  private static double nextRandom() {
    return ThreadLocalRandom.current().nextDouble();
  }

  private Map<String, Lane> lanesByTopic(String provider) {
    Map<String, Lane> lanes = new HashMap<>();
    for (Lane lane : Lane.values()) {
      lanes.put(topics.dispatch(provider, lane).name(), lane);
    }
    return lanes;
  }
}
