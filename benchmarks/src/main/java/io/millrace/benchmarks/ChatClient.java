package io.millrace.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;

/** Asks an OpenAI-compatible server. Thread-safe. */
final class ChatClient implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI completions;

  /**
   * A client.
   *
   * @param baseUrl what the SDKs call so; ends in {@code /v1}
   */
  ChatClient(URI baseUrl) {
    completions = URI.create(baseUrl + "/chat/completions");
  }

  /**
   * Asks, and waits for the answer; anything but an answer is an exception.
   *
   * @return whether a cache says it answered
   */
  boolean ask(String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(completions)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200 || !answer.body().contains("\"choices\"")) {
      throw new IllegalStateException(
          "%s answered %d: %s".formatted(completions, answer.statusCode(), answer.body()));
    }
    return answer.headers().firstValue("x-millrace-cache").filter("hit"::equals).isPresent();
  }

  /**
   * Asks for a stream, and reads all of it; one that does not end as it should is an exception.
   *
   * @return {@link System#nanoTime()} when the first piece was there
   */
  long stream(String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(completions)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.replaceFirst("\\{", "{\"stream\":true,")))
            .build();
    HttpResponse<Stream<String>> answer = client.send(request, BodyHandlers.ofLines());
    long firstNanos = 0;
    String last = "";
    try (Stream<String> lines = answer.body()) {
      for (Iterator<String> line = lines.iterator(); line.hasNext(); ) {
        String next = line.next();
        if (firstNanos == 0 && next.contains("\"delta\"")) {
          firstNanos = System.nanoTime();
        }
        last = next.isEmpty() ? last : next;
      }
    }
    if (answer.statusCode() != 200 || firstNanos == 0 || !last.equals("data: [DONE]")) {
      throw new IllegalStateException(
          "%s streamed with %d, and ended with: %s"
              .formatted(completions, answer.statusCode(), last));
    }
    return firstNanos;
  }

  @Override
  public void close() {
    client.close();
  }
}
