package io.millrace.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.workers.ApiKeySetting;
import io.millrace.workers.ProviderSetting;
import io.millrace.workers.ProviderWorkers;
import io.millrace.workers.ProviderWorkersConfig;
import io.millrace.workers.RetrySetting;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A worker at a provider that fails in every way; says what it holds whenever a line comes in. */
@Command(name = SoakWorkerMain.NAME, hidden = true)
final class SoakWorkerMain implements Callable<Integer> {

  static final String NAME = "soak-worker-process";

  /** Said for each line that comes in, see {@link ProcessState}. */
  static final String STATE = "STATE";

  static final int RETRIES = 5;

  private static final int KEYS = 10;
  private static final long POLL_MILLIS = 20;
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(1);

  @Parameters(index = "0")
  private String bootstrapServers = "";

  @Parameters(index = "1")
  private String schemaRegistry = "";

  @Parameters(index = "2")
  private int inFlight;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (ProviderWorkers workers =
        ProviderWorkers.start(
            config(),
            KafkaConnection.of(bootstrapServers, schemaRegistry),
            new TopicCatalogue("millrace.", 4),
            new SimpleMeterRegistry())) {
      while (!workers.ready()) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      ParentProcess.tell(ParentProcess.READY, "");
      for (int read = System.in.read(); read >= 0; read = System.in.read()) {
        if (read == '\n') {
          ParentProcess.tell(STATE, ProcessState.current().toString());
        }
      }
    }
    return 0;
  }

  private ProviderWorkersConfig config() {
    ProviderSetting setting =
        ProviderSetting.of("simulated")
            .withMaxInFlight(inFlight)
            .withTimeout(CALL_TIMEOUT)
            .withKeys(
                IntStream.range(0, KEYS)
                    .mapToObj(i -> ApiKeySetting.of("key-" + i, "simulated-" + i))
                    .toList())
            .withRetries(new RetrySetting(RETRIES, Duration.ofMillis(20), Duration.ofMillis(500)))
            .withSettings(
                Map.of(
                    "latency_ms", 20,
                    "error_rate", 0.05,
                    "rate_limit_rate", 0.02,
                    "retry_after_ms", 20,
                    "timeout_rate", 0.01));
    return ProviderWorkersConfig.defaults().withProviders(Map.of(WorkerScenario.PROVIDER, setting));
  }
}
