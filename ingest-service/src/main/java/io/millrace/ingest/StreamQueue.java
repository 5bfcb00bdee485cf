package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.CompletionResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one reader of a stream: its pieces, then how the request ended. Bounded: a reader
 * for whom too much waits is told so, and gets nothing more. Thread-safe.
 */
final class StreamQueue {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<CompletionChunk> pieces = new ArrayDeque<>();
  private final StreamSettings settings;
  private final AtomicLong totalCharacters;
  private long characters;
  private boolean overflown;
  private boolean closed;
  private @Nullable Event ending;
  private boolean endingTold;

  /**
   * An empty queue.
   *
   * @param totalCharacters how much waits in all queues
   */
  StreamQueue(StreamSettings settings, AtomicLong totalCharacters) {
    this.settings = settings;
    this.totalCharacters = totalCharacters;
  }

  /** What a reader finds. */
  sealed interface Event {
    /** The next piece. */
    record Piece(CompletionChunk chunk) implements Event {}

    /** The request is over. */
    record Settled(CompletionResult result) implements Event {}

    /** Waiting is pointless. */
    record Failed(Throwable cause) implements Event {}

    /** Too much waited; it is gone. */
    record Overflow() implements Event {}
  }

  /** Adds a piece, or gives up on the reader. Never waits. */
  void offer(CompletionChunk chunk) {
    long length = length(chunk);
    lock.lock();
    try {
      if (overflown || closed) {
        return;
      }
      if (pieces.size() >= settings.maxQueuedChunks()
          || characters + length > settings.maxQueuedCharacters()
          || totalCharacters.get() + length > settings.maxTotalCharacters()) {
        overflown = true;
        clear();
      } else {
        pieces.add(chunk);
        count(length);
      }
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Says how the request ended; pieces that wait come first. The first word counts. */
  void settle(@Nullable CompletionResult result, @Nullable Throwable failure) {
    lock.lock();
    try {
      if (ending == null) {
        ending = result == null ? failed(failure) : new Event.Settled(result);
      }
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  private static Event failed(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return new Event.Failed(
        cause == null ? new IllegalStateException("neither a result nor a failure") : cause);
  }

  /** The next event, or null when none comes in time. The end is told once. */
  @Nullable Event poll(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        Event next = next();
        if (next != null || left <= 0) {
          return next;
        }
        left = arrived.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Event next() {
    if (overflown) {
      return new Event.Overflow();
    }
    CompletionChunk piece = pieces.poll();
    if (piece != null) {
      count(-length(piece));
      return new Event.Piece(piece);
    }
    Event end = endingTold ? null : ending;
    endingTold = end != null || endingTold;
    return end;
  }

  /** Nobody reads any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      clear();
    } finally {
      lock.unlock();
    }
  }

  private void clear() {
    pieces.clear();
    totalCharacters.addAndGet(-characters);
    characters = 0;
  }

  private void count(long length) {
    characters += length;
    totalCharacters.addAndGet(length);
  }

  private static long length(CompletionChunk chunk) {
    return chunk.getJson() == null ? 0 : chunk.getJson().length();
  }
}
