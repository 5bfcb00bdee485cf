package io.millrace.launcher.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.schemas.access.AuthSecret;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What starting a role takes.
 *
 * @param settings the configuration in force
 * @param httpPort ingest's port, 0 for a free one
 * @param dataDir where state stores live, each role's in a folder of its own
 * @param connection the cluster and the registry
 * @param topics the pipeline's topics
 * @param plugins loaded; the roles use them until they are closed
 * @param authSecret what keys are hashed with; null where there are none
 * @param meters where all roles count
 */
record RoleContext(
    MillraceConfig settings,
    int httpPort,
    Path dataDir,
    KafkaConnection connection,
    TopicCatalogue topics,
    Plugins plugins,
    @Nullable AuthSecret authSecret,
    MeterRegistry meters) {}
