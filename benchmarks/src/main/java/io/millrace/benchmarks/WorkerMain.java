package io.millrace.benchmarks;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.workers.ProviderSetting;
import io.millrace.workers.ProviderWorkers;
import io.millrace.workers.ProviderWorkersConfig;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The process that is a worker and nothing else. */
@Command(name = WorkerMain.NAME, hidden = true)
final class WorkerMain implements Callable<Integer> {

  static final String NAME = "worker-process";

  /** Said at the end: most calls in flight, and most heap used in MiB. */
  static final String PEAKS = "PEAKS";

  private static final String IN_FLIGHT = "millrace.worker.in.flight";
  private static final long SAMPLE_MILLIS = 20;
  private static final long MIB = 1L << 20;

  @Parameters(index = "0")
  private String bootstrapServers = "";

  @Parameters(index = "1")
  private String schemaRegistry = "";

  @Parameters(index = "2")
  private int inFlight;

  @Parameters(index = "3")
  private long latencyMillis;

  @Override
  public Integer call() throws IOException, InterruptedException {
    MeterRegistry meters = new SimpleMeterRegistry();
    AtomicInteger peak = new AtomicInteger();
    AtomicLong peakHeapMib = new AtomicLong();
    try (ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
        ProviderWorkers workers =
            ProviderWorkers.start(
                config(),
                KafkaConnection.of(bootstrapServers, schemaRegistry),
                new TopicCatalogue("millrace.", 4),
                meters)) {
      while (!workers.ready()) {
        TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
      }
      sampler.scheduleAtFixedRate(
          () -> {
            peak.accumulateAndGet(inFlight(meters), Math::max);
            peakHeapMib.accumulateAndGet(heapMib(), Math::max);
          },
          0,
          SAMPLE_MILLIS,
          TimeUnit.MILLISECONDS);
      ParentProcess.tell(ParentProcess.READY, "");
      ParentProcess.awaitEnd();
      sampler.shutdownNow();
    }
    ParentProcess.tell(PEAKS, peak + " " + peakHeapMib);
    return 0;
  }

  private ProviderWorkersConfig config() {
    return ProviderWorkersConfig.defaults()
        .withProviders(
            Map.of(
                WorkerScenario.PROVIDER,
                ProviderSetting.of("simulated")
                    .withMaxInFlight(inFlight)
                    .withSettings(Map.of("latency_ms", latencyMillis))));
  }

  private static int inFlight(MeterRegistry meters) {
    Gauge gauge = meters.find(IN_FLIGHT).gauge();
    return gauge == null ? 0 : (int) gauge.value();
  }

  /** Garbage that was not collected yet included. */
  private static long heapMib() {
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / MIB;
  }
}
