package io.millrace.launcher.batch;

import io.millrace.ingest.AdmissionLimits;
import io.millrace.launcher.cli.ClusterOptions;
import io.millrace.launcher.cli.GlobalOptions;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.launcher.pipeline.Reachability;
import io.millrace.launcher.pipeline.Role;
import io.millrace.launcher.pipeline.ServiceConfigs;
import io.millrace.schemas.kafka.KafkaConnection;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pipeline a batch runs on: one that is there, or one of its own for as long as it takes. */
final class BatchTarget implements AutoCloseable {

  private final KafkaBatchPipeline.Cluster cluster;
  private final @Nullable LocalPipeline own;

  private BatchTarget(KafkaBatchPipeline.Cluster cluster, @Nullable LocalPipeline own) {
    this.cluster = cluster;
    this.own = own;
  }

  /**
   * Finds a pipeline, or starts one on free ports.
   *
   * @param progress told what is being done, in a few words
   */
  static BatchTarget open(GlobalOptions global, ClusterOptions options, Consumer<String> progress) {
    MillraceConfig settings = global.loadConfig().config();
    Path dataDir = global.dataDir();
    Optional<KafkaConnection> found = options.find(global);
    if (found.isPresent()) {
      Reachability.check(found.get());
      return new BatchTarget(cluster(settings, dataDir, found.get()), null);
    }
    // The batch admits its requests itself, so nobody would talk to ingest.
    LocalPipeline own =
        LocalPipeline.start(
            LocalPipelineConfig.onFreePorts(settings, dataDir),
            EnumSet.complementOf(EnumSet.of(Role.INGEST)),
            progress);
    return new BatchTarget(cluster(settings, dataDir, own.connection()), own);
  }

  /** What a pipeline of this configuration admits. */
  static AdmissionLimits limits(MillraceConfig settings, Path dataDir) {
    return new ServiceConfigs(settings, dataDir).ingest(0).admission();
  }

  private static KafkaBatchPipeline.Cluster cluster(
      MillraceConfig settings, Path dataDir, KafkaConnection connection) {
    return new KafkaBatchPipeline.Cluster(
        connection, settings.topicCatalogue(), settings.home().scope(), limits(settings, dataDir));
  }

  KafkaBatchPipeline.Cluster cluster() {
    return cluster;
  }

  /** Why the pipeline of this process is gone, if it is. */
  Optional<Throwable> failure() {
    return own == null ? Optional.empty() : own.failure();
  }

  /** Stops the pipeline if it is this batch's own. */
  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
