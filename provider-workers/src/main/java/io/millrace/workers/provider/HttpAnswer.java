package io.millrace.workers.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The head of an answer and its body as it comes. Close it: a body that was not read to its end
 * costs the connection. For one thread.
 */
final class HttpAnswer implements AutoCloseable {

  /** How long the end of a body may take once its content is complete. */
  private static final long LAST_PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How many pieces may follow then. */
  private static final int MAX_LAST_PIECES = 4;

  private final HttpResponse<PieceFeed> response;
  private final CallTimer timer;
  private boolean ended;

  HttpAnswer(HttpResponse<PieceFeed> response, CallTimer timer) {
    this.response = response;
    this.timer = timer;
  }

  int status() {
    return response.statusCode();
  }

  HttpHeaders headers() {
    return response.headers();
  }

  /** Whether the body says of itself that it is one JSON value. */
  boolean isJson() {
    return headers()
        .firstValue("Content-Type")
        .orElse("")
        .toLowerCase(Locale.ROOT)
        .startsWith("application/json");
  }

  /** The next pieces of the body, or null at its end. */
  @Nullable List<ByteBuffer> next() throws IOException, CallTimeoutException, InterruptedException {
    return switch (response.body().take(timer.pieceNanos())) {
      case null -> throw timer.pieceMissing();
      case PieceFeed.Signal.Piece(List<ByteBuffer> buffers) -> buffers;
      case PieceFeed.Signal.Broken broken -> throw broken.asIo();
      case PieceFeed.Signal.End() -> {
        ended = true;
        yield null;
      }
    };
  }

  /**
   * The whole body.
   *
   * @throws TooLongAnswerException when it is longer than that
   */
  byte[] all(int maxBytes) throws IOException, CallTimeoutException, InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(1_024);
    for (List<ByteBuffer> piece = next(); piece != null; piece = next()) {
      append(piece, body, maxBytes);
    }
    return body.toByteArray();
  }

  /** The body of an error, as far as it came: its status is known in any case. */
  byte[] beginning(int maxBytes) throws InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(1_024);
    try {
      for (List<ByteBuffer> piece = next(); piece != null; piece = next()) {
        append(piece, body, maxBytes);
      }
    } catch (IOException | CallTimeoutException e) {
      return body.toByteArray();
    }
    return body.toByteArray();
  }

  /** Reads what is left where that is little, so that the connection can be used again. */
  void finish() throws InterruptedException {
    for (int i = 0; i < MAX_LAST_PIECES && !ended; i++) {
      PieceFeed.Signal last = response.body().take(Math.min(LAST_PIECE_NANOS, timer.pieceNanos()));
      if (!(last instanceof PieceFeed.Signal.Piece)) {
        ended = last instanceof PieceFeed.Signal.End;
        return;
      }
    }
  }

  @Override
  public void close() {
    if (!ended) {
      response.body().close();
    }
  }

  private static void append(List<ByteBuffer> piece, ByteArrayOutputStream body, int maxBytes)
      throws TooLongAnswerException {
    for (ByteBuffer buffer : piece) {
      int fits = Math.min(buffer.remaining(), maxBytes - body.size());
      boolean tooLong = fits < buffer.remaining();
      byte[] bytes = new byte[fits];
      buffer.get(bytes);
      body.writeBytes(bytes);
      if (tooLong) {
        throw new TooLongAnswerException(maxBytes);
      }
    }
  }
}
