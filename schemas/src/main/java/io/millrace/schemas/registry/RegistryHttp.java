package io.millrace.schemas.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import io.millrace.schemas.http.BoundedBody;
import io.millrace.schemas.registry.RegistrySettings.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asks the registry over HTTP. Each round tries every address once, beginning with the one that
 * answered last; while only passing faults come back, rounds are repeated after a growing, jittered
 * pause. Every call is idempotent, so repeating one is always safe. Thread-safe; blocks the caller.
 */
final class RegistryHttp implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final int MAX_MESSAGE_CHARS = 600;
  private static final int MAX_ANSWER_BYTES = 16 << 20;
  private static final double JITTER = 0.3;

  private final RegistrySettings settings;
  private final HttpClient client;
  private final FailsafeExecutor<JsonNode> rounds;
  private final AtomicInteger preferred = new AtomicInteger();

  RegistryHttp(RegistrySettings settings) {
    this.settings = settings;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout());
    if (settings.ssl() != null) {
      builder.sslContext(settings.ssl());
    }
    this.client = builder.build();
    this.rounds = Failsafe.with(retryPolicy(settings));
  }

  private static RetryPolicy<JsonNode> retryPolicy(RegistrySettings settings) {
    return RetryPolicy.<JsonNode>builder()
        .handleIf(fault -> fault instanceof SchemaRegistryException e && e.retriable())
        .withMaxRetries(settings.maxRetries())
        .withBackoff(settings.retryWait(), settings.retryMaxWait())
        .withJitter(JITTER)
        .build();
  }

  JsonNode get(String path) {
    return inRounds(path, null);
  }

  JsonNode post(String path, JsonNode body) {
    return inRounds(path, body);
  }

  private JsonNode inRounds(String path, @Nullable JsonNode body) {
    try {
      return rounds.get(() -> oneRound(path, body));
    } catch (FailsafeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new SchemaRegistryException(
          "gave up asking the schema registry", SchemaRegistryException.UNREACHABLE, cause);
    }
  }

  private JsonNode oneRound(String path, @Nullable JsonNode body) throws InterruptedException {
    List<Endpoint> endpoints = settings.endpoints();
    int first = preferred.get();
    @Nullable SchemaRegistryException passing = null;
    for (int i = 0; i < endpoints.size(); i++) {
      int index = (first + i) % endpoints.size();
      try {
        JsonNode answer = ask(endpoints.get(index), path, body);
        preferred.set(index);
        return answer;
      } catch (SchemaRegistryException e) {
        if (!e.retriable()) {
          throw e;
        }
        if (passing != null) {
          e.addSuppressed(passing);
        }
        passing = e;
      }
    }
    throw passing == null ? new IllegalStateException("no address") : passing;
  }

  private JsonNode ask(Endpoint endpoint, String path, @Nullable JsonNode body)
      throws InterruptedException {
    URI uri = URI.create(endpoint.base() + path);
    HttpResponse<byte[]> response = exchange(request(endpoint, uri, body), uri);
    int status = response.statusCode();
    if (status / 100 == 2) {
      return parse(uri, response.body());
    }
    throw refusal(uri, status, response.body());
  }

  private HttpRequest request(Endpoint endpoint, URI uri, @Nullable JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Accept", MEDIA_TYPE + ", application/json;q=0.9")
            .timeout(settings.requestTimeout());
    endpoint.authorization().ifPresent(value -> request.header("Authorization", value));
    if (body != null) {
      request.header("Content-Type", MEDIA_TYPE).POST(BodyPublishers.ofString(body.toString()));
    }
    return request.build();
  }

  /** The client's own time-out ends with the headers; the future's covers the body too. */
  private HttpResponse<byte[]> exchange(HttpRequest request, URI uri) throws InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.sendAsync(request, info -> new BoundedBody(MAX_ANSWER_BYTES));
    try {
      return pending.get(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw unreachable(uri, "no answer within " + settings.requestTimeout().toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() instanceof IOException fault ? fault : e;
      throw unreachable(uri, describe(cause), cause);
    } catch (InterruptedException e) {
      pending.cancel(true);
      throw e;
    }
  }

  private static String describe(Throwable fault) {
    String name = fault.getClass().getSimpleName();
    return fault.getMessage() == null ? name : name + ": " + fault.getMessage();
  }

  private static SchemaRegistryException unreachable(URI uri, String what, Throwable cause) {
    return new SchemaRegistryException(
        "cannot reach the schema registry at " + uri + ": " + what,
        SchemaRegistryException.UNREACHABLE,
        cause);
  }

  private static JsonNode parse(URI uri, byte[] body) {
    try {
      JsonNode node = JSON.readTree(body);
      if (node != null && node.isObject()) {
        return node;
      }
      throw invalid(uri, "not a JSON object");
    } catch (JacksonException e) {
      throw invalid(uri, "not JSON");
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory", e);
    }
  }

  static SchemaRegistryException invalid(Object where, String what) {
    return new SchemaRegistryException(
        "the answer from " + where + " is " + what + "; is this the address of a schema registry?",
        SchemaRegistryException.INVALID_ANSWER);
  }

  private static SchemaRegistryException refusal(URI uri, int status, byte[] body) {
    int errorCode = status;
    String message = "HTTP status " + status;
    try {
      JsonNode node = JSON.readTree(body);
      if (node != null && node.path("error_code").isInt()) {
        errorCode = node.path("error_code").intValue();
      }
      if (node != null && node.path("message").isTextual()) {
        message = shortened(node.path("message").textValue());
      }
    } catch (IOException e) {
      message += ", and the body is not JSON";
    }
    if (status == 401 || status == 403) {
      errorCode = status;
      message += "; check basic.auth.user.info or bearer.auth.token";
    }
    return new SchemaRegistryException(
        "the schema registry at " + uri + " refused (error " + errorCode + "): " + message,
        errorCode);
  }

  private static String shortened(String text) {
    return text.length() <= MAX_MESSAGE_CHARS ? text : text.substring(0, MAX_MESSAGE_CHARS) + "…";
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
