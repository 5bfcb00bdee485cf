package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionChunk;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Callers who read a streamed answer, by request id. Several may read the same one. As many as may
 * wait for results. Thread-safe.
 */
final class OpenStreams implements Audience<CompletionChunk> {

  private final Places<OpenStream> reading = new Places<>();
  private final AtomicLong queuedCharacters = new AtomicLong();
  private final Attention attention;
  private final StreamSettings settings;

  OpenStreams(StreamSettings settings) {
    this(settings, Attention.LINGER);
  }

  /** Places whose watcher reads on for a while when nobody needs it any more. */
  OpenStreams(StreamSettings settings, Duration linger) {
    this.settings = settings;
    this.attention = new Attention(() -> !reading.isEmpty(), linger);
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
    reading.add(requestId, stream);
    stream.closing = () -> remove(requestId, stream);
    boolean read = false;
    try {
      read = attention.awaitReading(settings.startTimeout());
    } finally {
      if (!read) {
        stream.close();
      }
    }
    if (!read) {
      throw new RefusedException(
          HttpErrors.unavailable("streams cannot be read right now; nothing was run"));
    }
    return stream;
  }

  @Override
  public boolean awaits(String requestId) {
    return reading.contains(requestId);
  }

  @Override
  public void deliver(CompletionChunk chunk) {
    reading
        .of(chunk.getTenant(), chunk.getRequestId())
        .forEach(stream -> stream.queue.offer(chunk));
  }

  /** How many read. */
  int size() {
    return reading.all().size();
  }

  private void remove(String requestId, OpenStream gone) {
    reading.remove(requestId, gone);
    gone.queue.close();
  }

  /** One caller's place. Closed once, by the caller. */
  static final class OpenStream implements Places.Place, AutoCloseable {

    private final String tenant;
    private final StreamQueue queue;
    private Runnable closing = () -> {};

    private OpenStream(String tenant, StreamQueue queue) {
      this.tenant = tenant;
      this.queue = queue;
    }

    @Override
    public String tenant() {
      return tenant;
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
