package io.millrace.workers;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where streams of tests go: each record is its place, a colon, and the piece or error code. */
final class ChunkOutlets {

  private ChunkOutlets() {}

  static ChunkOutlet to(MockProducer<byte[], byte[]> producer, MeterRegistry meters) {
    return new ChunkOutlet(
        producer,
        (sequence, json, error) ->
            new ProducerRecord<>(
                "chunks",
                (sequence + ":" + (error == null ? String.valueOf(json) : error.code()))
                    .getBytes(StandardCharsets.UTF_8)),
        new ChunkMeters(meters, "p"));
  }

  static List<String> sent(MockProducer<byte[], byte[]> producer) {
    return producer.history().stream()
        .map(record -> new String(record.value(), StandardCharsets.UTF_8))
        .toList();
  }
}
