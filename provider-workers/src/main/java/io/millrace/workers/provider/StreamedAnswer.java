package io.millrace.workers.provider;

import io.millrace.plugin.provider.ChunkSink;
import io.millrace.schemas.openai.InvalidBodyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one streamed answer to its end. For one thread. */
final class StreamedAnswer {

  /** How much longer a stream may be than its answer: each token comes in an envelope. */
  private static final long ENVELOPES = 64;

  private final HttpAnswer answer;
  private final StreamReader reader;
  private final ChunkRelay relay;
  private final SseParser parser;
  private final long maxBytes;
  private long bytes;

  /**
   * Reads one answer.
   *
   * @param maxAnswerBytes the longest answer, and the longest single event
   */
  StreamedAnswer(HttpAnswer answer, StreamReader reader, ChunkRelay relay, int maxAnswerBytes) {
    this.answer = answer;
    this.reader = reader;
    this.relay = relay;
    this.parser = new SseParser(maxAnswerBytes);
    this.maxBytes = ENVELOPES * maxAnswerBytes;
  }

  /** Reads and relays until the answer is complete or there is no more. */
  Ending run()
      throws IOException,
          CallTimeoutException,
          InvalidBodyException,
          ChunkSink.StoppedException,
          InterruptedException {
    for (List<ByteBuffer> piece = answer.next(); piece != null; piece = answer.next()) {
      for (ByteBuffer buffer : piece) {
        count(buffer);
        for (SseEvent event : parser.accept(buffer)) {
          Ending ending = relay(event);
          if (ending != null) {
            return ending;
          }
        }
      }
    }
    return new Ending.Cut();
  }

  private @Nullable Ending relay(SseEvent event)
      throws InvalidBodyException, ChunkSink.StoppedException, InterruptedException {
    switch (reader.read(event)) {
      case StreamReader.Step.Chunks(var chunks) -> {
        relay.accept(chunks);
        return null;
      }
      case StreamReader.Step.Fault(ErrorBody error) -> {
        return new Ending.Fault(error);
      }
      case StreamReader.Step.End(var chunks) -> {
        relay.accept(chunks);
        answer.finish();
        return new Ending.Complete();
      }
    }
  }

  private void count(ByteBuffer buffer) throws TooLongAnswerException {
    bytes += buffer.remaining();
    if (bytes > maxBytes) {
      throw new TooLongAnswerException(maxBytes);
    }
  }

  /** How a stream ended. */
  sealed interface Ending {

    /** With its answer complete. */
    record Complete() implements Ending {}

    /** Before that. */
    record Cut() implements Ending {}

    /** With an error of the provider. */
    record Fault(ErrorBody error) implements Ending {}
  }
}
