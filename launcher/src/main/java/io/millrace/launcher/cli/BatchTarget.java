package io.millrace.launcher.cli;

import io.millrace.ingest.AdmissionLimits;
import io.millrace.launcher.batch.BatchCluster;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.launcher.pipeline.Reachability;
import io.millrace.launcher.pipeline.Role;
import io.millrace.launcher.pipeline.ServiceConfigs;
import io.millrace.schemas.kafka.KafkaConnection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pipeline a batch runs on: one that is there, or one of its own for as long as it takes. */
final class BatchTarget implements AutoCloseable {

  private final BatchCluster cluster;
  private final @Nullable LocalPipeline own;

  private BatchTarget(BatchCluster cluster, @Nullable LocalPipeline own) {
    this.cluster = cluster;
    this.own = own;
  }

  /**
   * Finds a pipeline, or starts one on free ports.
   *
   * @param progress told what is being done, in a few words
   */
  static BatchTarget open(GlobalOptions global, ClusterOptions options, Consumer<String> progress) {
    Optional<KafkaConnection> found = options.find(global);
    if (found.isPresent()) {
      Reachability.check(found.get());
      return new BatchTarget(cluster(global, found.get()), null);
    }
    // The batch admits its requests itself, so nobody would talk to ingest.
    LocalPipeline own =
        LocalPipeline.start(
            LocalPipelineConfig.onFreePorts(global.loadConfig().config(), global.dataDir()),
            EnumSet.complementOf(EnumSet.of(Role.INGEST)),
            progress);
    return new BatchTarget(cluster(global, own.connection()), own);
  }

  /** What a pipeline of this configuration admits. */
  static AdmissionLimits limits(GlobalOptions global) {
    MillraceConfig settings = global.clientConfig();
    return new ServiceConfigs(settings, global.dataDir()).ingest(0).admission();
  }

  private static BatchCluster cluster(GlobalOptions global, KafkaConnection connection) {
    MillraceConfig settings = global.clientConfig();
    return new BatchCluster(
        connection, settings.topicCatalogue(), settings.home().scope(), limits(global));
  }

  BatchCluster cluster() {
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
