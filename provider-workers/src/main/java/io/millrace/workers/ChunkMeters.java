package io.millrace.workers;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** What the worker of one provider counts of streamed answers. Thread-safe. */
final class ChunkMeters {

  /** Pieces sent to the broker. */
  static final String CHUNKS = "millrace.worker.chunks";

  /** Of these, pieces that went in one record with the one before them. */
  static final String MERGED = "millrace.worker.chunks.merged";

  /** Streams that ended early because the broker did not take a piece. */
  static final String BROKEN_STREAMS = "millrace.worker.broken.streams";

  private final Counter chunks;
  private final Counter merged;
  private final Counter brokenStreams;

  ChunkMeters(MeterRegistry registry, String provider) {
    Tags tags = Tags.of(WorkerMeters.PROVIDER, provider);
    chunks = registry.counter(CHUNKS, tags);
    merged = registry.counter(MERGED, tags);
    brokenStreams = registry.counter(BROKEN_STREAMS, tags);
  }

  void sent() {
    chunks.increment();
  }

  void merged() {
    merged.increment();
  }

  void broken() {
    brokenStreams.increment();
  }
}
