package io.millrace.workers.provider;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over HTTP/1.1 with connections kept open. Redirects are refused: the key goes to
 * the configured address and nowhere else. Every wait has a limit and ends when the thread is
 * interrupted; the connection is closed then. Thread-safe.
 */
final class HttpTransport implements AutoCloseable {

  private final HttpSettings settings;
  private final HttpClient client;

  HttpTransport(HttpSettings settings) {
    this.settings = settings;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /**
   * Sends a request and waits for the head of the answer.
   *
   * @param total the most that the answer may take, its body included
   */
  HttpAnswer send(HttpRequest request, Duration total)
      throws IOException, CallTimeoutException, InterruptedException {
    CallTimer timer = new CallTimer(settings, total);
    CompletableFuture<HttpResponse<PieceFeed>> answer =
        client.sendAsync(request, head -> new PieceFeed());
    boolean taken = false;
    try {
      HttpResponse<PieceFeed> response = answer.get(timer.headNanos(), TimeUnit.NANOSECONDS);
      taken = true;
      return new HttpAnswer(response, timer);
    } catch (TimeoutException e) {
      throw timer.headMissing();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      if (!taken) {
        giveUp(answer);
      }
    }
  }

  private IOException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException slow ->
          new HttpConnectTimeoutException(
              "not there within %d ms, see connect_timeout_ms"
                  .formatted(settings.connectTimeout().toMillis()));
      case IOException known -> known;
      case null, default -> new IOException(cause);
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /** The head may come at this very moment: then cancelling is too late, and its body is closed. */
  private static void giveUp(CompletableFuture<HttpResponse<PieceFeed>> answer) {
    answer.cancel(true);
    if (!answer.isCompletedExceptionally()) {
      answer.join().body().close();
    }
  }
}
