package io.millrace.workers;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.schemas.openai.ChunkContent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of an attempt's calls has its stream: the first that has something to show, and
 * whoever has it keeps it. Until then chunks that show nothing (a role alone, as most servers begin
 * with) are held back, so that a call that fails after them can be repeated, and a second one may
 * race the first. No stream ever holds chunks of two calls. Thread-safe.
 */
final class AttemptChunks {

  /** The most chunks that are held back; one more counts as something to show. */
  static final int MAX_HELD = 16;

  /** The same for the characters of one chunk. */
  static final int MAX_HELD_CHARACTERS = 4_096;

  /** What stops a call whose chunks nobody wants. */
  static final PipelineError LOST =
      ErrorCode.CANCELLED.error("another call was the first to answer");

  private final StreamedChunks stream;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable OfCall owner;

  AttemptChunks(StreamedChunks stream) {
    this.stream = stream;
  }

  /** A place for the chunks of one more call. */
  OfCall open() {
    return new OfCall();
  }

  /** The chunks of one call. Closed when the call is over or is given up. */
  final class OfCall implements ChunkSink {

    private final List<String> held = new ArrayList<>(1);
    private final List<Runnable> listeners = new ArrayList<>(2);
    private boolean answered;
    private boolean closed;

    private OfCall() {}

    /** A place for another call of the same attempt. */
    OfCall beside() {
      return open();
    }

    /** Has this run, in the call's thread, at the moment the stream becomes this call's. */
    void onFirst(Runnable listener) {
      turn.lock();
      try {
        listeners.add(listener);
      } finally {
        turn.unlock();
      }
    }

    @Override
    public void accept(String json) throws StoppedException, InterruptedException {
      turn.lockInterruptibly();
      try {
        if (isLost()) {
          throw new StoppedException(LOST);
        }
        if (owner == null && mayWait(json)) {
          held.add(json);
          return;
        }
        take();
        for (String earlier : held) {
          stream.accept(earlier);
        }
        held.clear();
        stream.accept(json);
      } finally {
        turn.unlock();
      }
    }

    /**
     * The call has its whole answer, with or without chunks. Whether that is the attempt's; from
     * then on no other call can have the stream.
     */
    boolean answered() {
      turn.lock();
      try {
        if (!isLost()) {
          take();
          answered = true;
        }
        return answered;
      } finally {
        turn.unlock();
      }
    }

    /** Takes nothing more. Where nothing has left, another call may have the stream. Idempotent. */
    void close() {
      turn.lock();
      try {
        closed = true;
        if (owner == this && !answered && !stream.begun()) {
          owner = null;
        }
      } finally {
        turn.unlock();
      }
    }

    private boolean isLost() {
      return closed || (owner != null && owner != this);
    }

    private boolean mayWait(String json) {
      return held.size() < MAX_HELD
          && json.length() <= MAX_HELD_CHARACTERS
          && ChunkContent.isBare(json);
    }

    private void take() {
      if (owner == null) {
        owner = this;
        stream.restart();
        listeners.forEach(Runnable::run);
      }
    }
  }
}
