package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.schemas.http.BoundedBody;
import io.millrace.schemas.openai.ChatCompletions;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls anything that speaks the OpenAI chat completions format, over HTTP/1.1 with connections
 * kept open. Each call has one time limit from the first byte sent to the last received, so an
 * answer that drips in slowly does not hold a worker. Redirects are refused: the key goes to the
 * configured address and nowhere else.
 */
final class OpenAiProvider implements Provider {

  /** An attempt's id is refused as a header past this length. */
  private static final int MAX_HEADER_CHARACTERS = 1_024;

  private final String name;
  private final OpenAiSettings settings;
  private final OpenAiReplies replies;
  private final HttpClient client;

  OpenAiProvider(String name, OpenAiSettings settings, InstantSource clock) {
    this.name = name;
    this.settings = settings;
    this.replies = new OpenAiReplies(name, clock);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  @Override
  public ProviderReply complete(ProviderRequest request) throws InterruptedException {
    String key = request.apiKey();
    if (key != null && !isHeaderText(key)) {
      return new ProviderReply.Failure(
          FailureClass.KEY_REJECTED,
          ErrorCode.UPSTREAM_CREDENTIALS_EXHAUSTED.error(
              "a key of provider %s has characters that no key has: a line break, perhaps?"
                  .formatted(name)),
          null);
    }
    HttpRequest http;
    try {
      http = http(request);
    } catch (IllegalArgumentException e) {
      return new ProviderReply.Failure(
          FailureClass.REQUEST_REJECTED,
          ErrorCode.INVALID_REQUEST.error(String.valueOf(e.getMessage())),
          null);
    }
    return exchange(http, request);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private ProviderReply exchange(HttpRequest http, ProviderRequest request)
      throws InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(http, head -> new BoundedBody(settings.maxResponseBytes()));
    try {
      return replies.read(answer.get(request.timeout().toNanos(), TimeUnit.NANOSECONDS), request);
    } catch (TimeoutException e) {
      return replies.timedOut(request.timeout());
    } catch (ExecutionException e) {
      return replies.broken(e.getCause() instanceof IOException cause ? cause : new IOException(e));
    } finally {
      answer.cancel(true);
    }
  }

  private HttpRequest http(ProviderRequest request) {
    HttpRequest.Builder http =
        HttpRequest.newBuilder(settings.endpoint())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofByteArray(body(request)));
    settings.headers().forEach(http::header);
    if (request.apiKey() != null) {
      http.header("Authorization", "Bearer " + request.apiKey());
    }
    if (isHeaderText(request.callId()) && request.callId().length() <= MAX_HEADER_CHARACTERS) {
      http.header("Idempotency-Key", request.callId());
    }
    return http.build();
  }

  /** Workers pass whole answers on, so a wish for chunks stays behind. */
  private static byte[] body(ProviderRequest request) {
    ObjectNode body = ChatCompletions.writeRequest(request.request());
    body.put("model", request.model());
    body.remove("stream");
    body.remove("stream_options");
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isHeaderText(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
