package io.millrace.launcher.promises;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Streamed answers line by line, as they are on the wire. */
final class RawStreams implements AutoCloseable {

  private final HttpClient http = HttpClient.newHttpClient();
  private final PipelineUnderTest pipeline;

  RawStreams(PipelineUnderTest pipeline) {
    this.pipeline = pipeline;
  }

  /** Asks under a request id; completes when the answer begins. */
  CompletableFuture<HttpResponse<InputStream>> post(String model, String question, String id) {
    String body =
        """
        {"model":"%s","stream":true,"messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(model, question);
    return http.sendAsync(
        HttpRequest.newBuilder(pipeline.address("/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", id)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofInputStream());
  }

  /** The body that an address has. */
  String get(String path) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(pipeline.address(path)).build(), BodyHandlers.ofString())
        .body();
  }

  static BufferedReader reader(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** The lines with data, to the end of the stream. */
  static List<String> data(BufferedReader reader) {
    return reader.lines().filter(line -> line.startsWith("data: ")).toList();
  }

  /** Breaks off whatever is under way. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
