package io.millrace.launcher.batch;

import io.millrace.ingest.AdmissionLimits;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;

/**
 * The pipeline that a batch runs on.
 *
 * @param connection how to reach it
 * @param topics its topics
 * @param scope how its home stage is partitioned
 * @param limits what it admits
 */
public record BatchCluster(
    KafkaConnection connection, TopicCatalogue topics, HomeScope scope, AdmissionLimits limits) {}
