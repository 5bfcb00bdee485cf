package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionChunk;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Callers who read a streamed answer, by request id. Several may read the same one. As many as may
 * wait for results. Thread-safe.
 */
final class OpenStreams {

  private final ConcurrentMap<String, List<OpenStream>> byRequestId = new ConcurrentHashMap<>();
  private final AtomicLong queuedCharacters = new AtomicLong();
  private final Attention attention;
  private final StreamSettings settings;

  OpenStreams(StreamSettings settings) {
    this(settings, Attention.LINGER);
  }

  /** Places whose watcher reads on for a while when nobody needs it any more. */
  OpenStreams(StreamSettings settings, Duration linger) {
    this.settings = settings;
    this.attention = new Attention(() -> !byRequestId.isEmpty(), linger);
  }

  StreamSettings settings() {
    return settings;
  }

  /** Whether anybody reads at all. */
  Attention attention() {
    return attention;
  }

  /**
   * A place to read, to be closed by the caller.
   *
   * @throws RefusedException when the topic of the pieces cannot be read
   */
  OpenStream open(String tenant, String requestId) throws RefusedException, InterruptedException {
    OpenStream stream = new OpenStream(tenant, new StreamQueue(settings, queuedCharacters));
    byRequestId.merge(
        requestId,
        List.of(stream),
        (old, added) -> Stream.concat(old.stream(), added.stream()).toList());
    stream.closing = () -> remove(requestId, stream);
    boolean reading = false;
    try {
      reading = attention.awaitReading(settings.startTimeout());
    } finally {
      if (!reading) {
        stream.close();
      }
    }
    if (!reading) {
      throw new RefusedException(
          HttpErrors.unavailable("streams cannot be read right now; nothing was run"));
    }
    return stream;
  }

  /** Whether anybody reads the stream of a request of this id, whatever the tenant. */
  boolean awaits(String requestId) {
    return byRequestId.containsKey(requestId);
  }

  /** Hands a piece to everybody who reads its stream. Never waits. */
  void deliver(CompletionChunk chunk) {
    for (OpenStream stream : byRequestId.getOrDefault(chunk.getRequestId(), List.of())) {
      if (stream.tenant.equals(chunk.getTenant())) {
        stream.queue.offer(chunk);
      }
    }
  }

  /** How many read. */
  int size() {
    return byRequestId.values().stream().mapToInt(List::size).sum();
  }

  private void remove(String requestId, OpenStream gone) {
    byRequestId.computeIfPresent(
        requestId,
        (id, list) -> {
          List<OpenStream> rest = list.stream().filter(stream -> stream != gone).toList();
          return rest.isEmpty() ? null : rest;
        });
    gone.queue.close();
  }

  /** One caller's place. Closed once, by the caller. */
  static final class OpenStream implements AutoCloseable {

    private final String tenant;
    private final StreamQueue queue;
    private Runnable closing = () -> {};

    private OpenStream(String tenant, StreamQueue queue) {
      this.tenant = tenant;
      this.queue = queue;
    }

    /** What came for the caller. */
    StreamQueue queue() {
      return queue;
    }

    @Override
    public void close() {
      closing.run();
    }
  }
}
