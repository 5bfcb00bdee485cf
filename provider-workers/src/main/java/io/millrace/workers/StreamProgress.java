package io.millrace.workers;

import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.plugin.hook.EventTypes;
import io.millrace.schemas.avro.Exchange;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Tells how far the stream of one attempt is, once a second at most: the first time when it has
 * gone on for a second, so that short ones leave no events. Used by one thread.
 */
final class StreamProgress implements Function<Chunk, ChunkResult> {

  /** The time between two events of one stream. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Exchange exchange;
  private final Function<Chunk, ChunkResult> hooks;
  private final WorkerEvents events;
  private final TimeSource time;
  private long pieces;
  private long firstNanos;
  private long toldNanos;

  /**
   * Progress of a stream that has not begun.
   *
   * @param hooks what becomes of each piece
   */
  StreamProgress(
      Exchange exchange, Function<Chunk, ChunkResult> hooks, WorkerEvents events, TimeSource time) {
    this.exchange = exchange;
    this.hooks = hooks;
    this.events = events;
    this.time = time;
  }

  @Override
  public ChunkResult apply(Chunk piece) {
    long now = time.nanoTime();
    if (pieces++ == 0) {
      firstNanos = now;
      toldNanos = now;
    } else if (now - toldNanos >= INTERVAL.toNanos()) {
      toldNanos = now;
      tell(now);
    }
    return hooks.apply(piece);
  }

  /** Providers stream about a token with each piece; the exact number is in the answer's usage. */
  private void tell(long now) {
    events.emit(
        exchange,
        EventTypes.INFERENCE_PROGRESS,
        Map.of(
            "provider",
            exchange.getTarget() == null ? "" : exchange.getTarget().getProvider(),
            "model",
            exchange.getTarget() == null ? "" : exchange.getTarget().getModel(),
            "chunks",
            Long.toString(pieces),
            "millis",
            Long.toString(TimeUnit.NANOSECONDS.toMillis(now - firstNanos))));
  }
}
