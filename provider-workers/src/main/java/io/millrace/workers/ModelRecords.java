package io.millrace.workers;

import io.millrace.plugin.provider.ModelInfo;
import io.millrace.schemas.avro.ReportedModels;
import io.millrace.schemas.models.ModelReports;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Builds the records that say which models a provider has. Thread-safe.
 *
 * @param provider whose models they are
 * @param worker who asks
 * @param topic where they go
 * @param reports encodes them
 */
record ModelRecords(
    String provider, String worker, String topic, Serializer<ReportedModels> reports) {

  /** What the provider said. */
  ProducerRecord<byte[], byte[]> report(List<ModelInfo> models, Instant at) {
    return new ProducerRecord<>(
        topic,
        provider.getBytes(StandardCharsets.UTF_8),
        reports.serialize(topic, ModelReports.toAvro(provider, models, at, worker)));
  }
}
