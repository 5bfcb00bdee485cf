package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.schemas.avro.RunningPlan;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.stages.plan.InFlight;
import io.millrace.stages.plan.InFlightGauge;
import io.millrace.stages.plan.PlanLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/**
 * Waits until nothing is under way in the stages, while nothing new comes in: the stages and the
 * workers run, ingest does not. Requests on the requests topic wait there meanwhile.
 */
public final class Drain {

  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final MillraceConfig settings;
  private final Path dataDir;
  private final KafkaConnection connection;
  private final Duration timeout;

  /**
   * A drain of one pipeline.
   *
   * @param timeout how long it may take
   */
  public Drain(
      MillraceConfig settings, Path dataDir, KafkaConnection connection, Duration timeout) {
    this.settings = settings;
    this.dataDir = dataDir;
    this.connection = connection;
    this.timeout = timeout;
  }

  /**
   * Waits. What it sees twice in a row is what it believes, as an exchange may be on its way from
   * one place to the next.
   *
   * @param stop whether to give up, asked now and then
   * @param progress told what is under way whenever that changes
   * @return what is still under way: nothing, unless it was told to give up
   * @throws PipelineException when ingest runs, the stages do not run, or the time is over
   */
  public InFlight await(BooleanSupplier stop, Consumer<String> progress) {
    PipelineTopics.require(connection, settings.topicCatalogue().stagePlan());
    Optional<RunningPlan> plan = plan();
    if (plan.isEmpty()) {
      return new InFlight(0, 0);
    }
    try (Admin admin = PipelineTopics.openAdmin(connection)) {
      InFlightGauge gauge = new InFlightGauge(connection, admin, plan.get());
      requireNoIngest(admin);
      return await(gauge, stop, progress);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PipelineException("interrupted while draining", e);
    }
  }

  private InFlight await(InFlightGauge gauge, BooleanSupplier stop, Consumer<String> progress)
      throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    InFlight before = gauge.measure();
    progress.accept(before.toString());
    if (!before.none() && gauge.runningApplications().isEmpty()) {
      throw new PipelineException(
          "the stages do not run, so what is under way (%s) stays so: start them with 'millrace run hooks providers'"
              .formatted(before),
          null);
    }
    while (!stop.getAsBoolean()) {
      LockSupport.parkNanos(INTERVAL.toNanos());
      InFlight now = gauge.measure();
      if (now.none() && before.none()) {
        return now;
      }
      if (!now.equals(before)) {
        progress.accept(now.toString());
      }
      if (System.nanoTime() > end) {
        throw new PipelineException(
            "still under way after %d s: %s; requests end by their deadline at the latest, so try again or give more time with --timeout"
                .formatted(timeout.toSeconds(), now),
            null);
      }
      before = now;
    }
    return before;
  }

  private void requireNoIngest(Admin admin) throws InterruptedException {
    String ingest = new ServiceConfigs(settings, dataDir).ingest(0).streams().applicationId();
    if (!InFlightGauge.running(admin, Set.of(ingest)).isEmpty()) {
      throw new PipelineException(
          "ingest takes requests (application %s): stop it everywhere, and let 'millrace run hooks providers' go on, then drain again"
              .formatted(ingest),
          null);
    }
  }

  private Optional<RunningPlan> plan() {
    try (SchemaRegistry registry = connection.openRegistry()) {
      return new PlanLog(connection, settings.topicCatalogue(), registry).latest();
    }
  }
}
