package io.millrace.launcher.batch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads and parses input lines on a thread of its own, a bounded step ahead of who takes them, so
 * that a slow input never keeps results waiting. Taken from by one thread.
 */
final class LineFeed implements AutoCloseable {

  /** How far ahead: chunks of at most this many lines or bytes, and so many chunks. */
  private static final int CHUNK_LINES = 128;

  private static final int CHUNK_BYTES = 128 * 1024;
  private static final int CHUNKS_AHEAD = 4;

  private final LineReader reader;
  private final InputLineParser parser;
  private final BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(CHUNKS_AHEAD);
  private final Queue<InputLine> current = new ArrayDeque<>();
  private final Thread thread;
  private boolean ended;

  /** Some lines in order; the last chunk says how the input ended. */
  private record Chunk(List<InputLine> lines, boolean last, @Nullable IOException failure) {}

  /** Starts reading; the reader is closed with this feed. */
  LineFeed(LineReader reader, InputLineParser parser) {
    this.reader = reader;
    this.parser = parser;
    this.thread = Thread.ofPlatform().daemon().name("batch-input").start(this::readAll);
  }

  /**
   * The next line if it is here already.
   *
   * @return null when none is here yet, or never will be: see {@link #ended()}
   * @throws IOException when the input cannot be read on
   */
  @Nullable InputLine poll() throws IOException {
    if (current.isEmpty() && !ended) {
      Chunk chunk = chunks.poll();
      if (chunk != null) {
        accept(chunk);
      }
    }
    return current.poll();
  }

  private void accept(Chunk chunk) throws IOException {
    if (chunk.failure() != null) {
      throw chunk.failure();
    }
    current.addAll(chunk.lines());
    ended = chunk.last();
  }

  /** Whether every line has been taken. */
  boolean ended() {
    return ended && current.isEmpty();
  }

  private void readAll() {
    try {
      boolean more = true;
      while (more) {
        Chunk chunk = readChunk();
        chunks.put(chunk);
        more = !chunk.last();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads at least one line, and hands over what it has rather than wait for more. */
  private Chunk readChunk() {
    List<InputLine> lines = new ArrayList<>(CHUNK_LINES);
    try {
      long bytes = 0;
      do {
        RawLine line = reader.next();
        if (line == null) {
          return new Chunk(lines, true, null);
        }
        lines.add(parser.parse(line));
        bytes += line.bytes().length;
      } while (lines.size() < CHUNK_LINES && bytes < CHUNK_BYTES && reader.ready());
      return new Chunk(lines, false, null);
    } catch (IOException e) {
      return new Chunk(List.of(), true, e);
    }
  }

  /** Stops reading. A thread that a terminal or a pipe keeps waiting ends with the process. */
  @Override
  public void close() throws IOException {
    thread.interrupt();
    if (ended) {
      reader.close();
    }
  }
}
