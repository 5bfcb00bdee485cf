package io.millrace.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/** Every meter of the ingest service. Tag values come from closed sets. */
final class IngestMeters {

  static final String REQUESTS = "millrace.ingest.requests";
  static final String WAIT = "millrace.ingest.wait";
  static final String WAITERS = "millrace.ingest.waiters";
  static final String STREAMS = "millrace.ingest.streams";
  static final String FOLLOWERS = "millrace.ingest.followers";
  static final String CHUNK_DELAY = "millrace.ingest.chunk.delay";
  static final String UNDECODABLE = "millrace.ingest.undecodable";
  static final String CREDENTIALS = "millrace.ingest.credentials";
  static final String LOOKUPS = "millrace.ingest.lookups";

  private static final String ACCEPTED = "accepted";

  private final MeterRegistry registry;
  private final Timer chunkDelay;

  IngestMeters(MeterRegistry registry) {
    this.registry = registry;
    this.chunkDelay =
        Timer.builder(CHUNK_DELAY)
            .description("From when a worker has a piece of a stream to when its reader has it")
            .publishPercentileHistogram()
            .register(registry);
  }

  /** Where a request came from. */
  enum Source {
    HTTP,
    TOPIC;

    private final String tag = name().toLowerCase(Locale.ROOT);
  }

  void accepted(Source source) {
    requests(source, ACCEPTED).increment();
  }

  /** Refused with an error code. */
  void refused(Source source, String code) {
    requests(source, code).increment();
  }

  /** A credential, or its absence, and what it turned out to be; from a closed set. */
  void credential(Source source, String outcome) {
    Counter.builder(CREDENTIALS)
        .description("Credentials by where they came from and what they turned out to be")
        .tag("source", source.tag)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  private Counter requests(Source source, String outcome) {
    return Counter.builder(REQUESTS)
        .description("Requests by where they came from and what admission said")
        .tag("source", source.tag)
        .tag("outcome", outcome)
        .register(registry);
  }

  /** A caller waited; the outcome is completed, failed or timeout. */
  void waited(String outcome, Duration duration) {
    Timer.builder(WAIT)
        .description("How long HTTP callers waited for their result")
        .tag("outcome", outcome)
        .publishPercentileHistogram()
        .register(registry)
        .record(duration);
  }

  /**
   * A streamed answer ended; the outcome is completed, replayed, failed, slow_reader, gone or,
   * where the status told the error, refused.
   */
  void streamed(String outcome, Duration duration) {
    Timer.builder(STREAMS)
        .description("How long streamed answers took, by how they ended")
        .tag("outcome", outcome)
        .register(registry)
        .record(duration);
  }

  /**
   * Somebody followed the events of a request; the outcome is completed, replayed, timeout,
   * drained, failed, gone or refused.
   */
  void followed(String outcome, Duration duration) {
    Timer.builder(FOLLOWERS)
        .description("How long callers followed the events of a request, by how it ended")
        .tag("outcome", outcome)
        .register(registry)
        .record(duration);
  }

  /** A piece reached its reader; between machines whose clocks differ this is not exact. */
  void chunkRelayed(Duration sinceTheWorkerHadIt) {
    chunkDelay.record(sinceTheWorkerHadIt.isNegative() ? Duration.ZERO : sinceTheWorkerHadIt);
  }

  void watch(Waiters waiters) {
    Gauge.builder(WAITERS, waiters, Waiters::size)
        .description("HTTP callers who wait for their result")
        .register(registry);
  }

  /** A record on one of the pipeline's own topics that could not be read. */
  void undecodable(String topic) {
    Counter.builder(UNDECODABLE)
        .description("Records of the pipeline's own topics that could not be read")
        .tag("topic", topic)
        .register(registry)
        .increment();
  }

  /** A look-up by id; answered by local, remote or unavailable. */
  void lookup(String answeredBy) {
    Counter.builder(LOOKUPS)
        .description("Look-ups by request id and who answered them")
        .tag("by", answeredBy)
        .register(registry)
        .increment();
  }
}
