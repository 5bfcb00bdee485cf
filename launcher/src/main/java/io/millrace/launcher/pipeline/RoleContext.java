package io.millrace.launcher.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.file.Path;

/**
 * What starting a role takes.
 *
 * @param settings the configuration in force
 * @param httpPort ingest's port, 0 for a free one
 * @param dataDir where state stores live, each role's in a folder of its own
 * @param connection the cluster and the registry
 * @param topics the pipeline's topics
 * @param plugins loaded; the roles use them until they are closed
 * @param meters where all roles count
 */
record RoleContext(
    MillraceConfig settings,
    int httpPort,
    Path dataDir,
    KafkaConnection connection,
    TopicCatalogue topics,
    Plugins plugins,
    MeterRegistry meters) {}
