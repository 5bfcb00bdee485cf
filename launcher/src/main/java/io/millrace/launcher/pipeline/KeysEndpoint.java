package io.millrace.launcher.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.launcher.keys.KeyAdministration;
import io.millrace.launcher.keys.KeyAdministration.NoSuchKeyException;
import io.millrace.launcher.keys.KeyJson;
import io.millrace.launcher.keys.KeyRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /admin/keys}: list and create; {@code /admin/keys/ID}: show and revoke; {@code
 * /admin/keys/ID/rotate}. Thread-safe.
 */
final class KeysEndpoint implements HttpHandler {

  static final String PATH = "/admin/keys";

  private static final Logger LOG = LoggerFactory.getLogger(KeysEndpoint.class);
  private static final int MAX_BODY_BYTES = 65_536;
  private static final String ROTATE = "rotate";

  private final Optional<Supplier<KeyAdministration>> administration;

  /** An endpoint; empty where there is no secret to hash keys with. */
  KeysEndpoint(Optional<Supplier<KeyAdministration>> administration) {
    this.administration = administration;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      answer(exchange);
    } catch (NoSuchKeyException e) {
      AdminAnswers.error(exchange, invalid(404, String.valueOf(e.getMessage())));
    } catch (IllegalArgumentException e) {
      AdminAnswers.error(exchange, invalid(400, String.valueOf(e.getMessage())));
    } catch (KafkaException e) {
      LOG.warn("keys cannot be administered: {}", e.getMessage());
      AdminAnswers.error(
          exchange, ErrorCode.UNAVAILABLE.error("the keys cannot be read or written right now"));
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      AdminAnswers.error(
          exchange, ErrorCode.INTERNAL_ERROR.error("the call failed here; the log says why"));
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (administration.isEmpty()) {
      AdminAnswers.error(
          exchange,
          ErrorCode.UNAVAILABLE.error(
              "there are no keys without a secret to hash them with: set auth.secret"));
      return;
    }
    List<String> path = path(exchange);
    String call = exchange.getRequestMethod() + " " + path.size();
    Instant now = Instant.now();
    try (KeyAdministration keys = administration.get().get()) {
      switch (call) {
        case "GET 0" -> AdminAnswers.json(exchange, 200, KeyJson.write(keys.list(), now));
        case "POST 0" ->
            AdminAnswers.json(
                exchange,
                201,
                KeyJson.write(keys.create(KeyRequest.create(jsonBody(exchange), now)), now));
        case "GET 1" ->
            AdminAnswers.json(exchange, 200, KeyJson.write(keys.show(path.getFirst()), now));
        case "DELETE 1" ->
            AdminAnswers.json(exchange, 200, KeyJson.write(keys.revoke(path.getFirst()), now));
        case "POST 2" -> AdminAnswers.json(exchange, 200, rotated(exchange, keys, path, now));
        default ->
            AdminAnswers.error(
                exchange,
                invalid(
                    405,
                    "GET and POST "
                        + PATH
                        + ", GET and DELETE "
                        + PATH
                        + "/ID and POST "
                        + PATH
                        + "/ID/rotate are what there is"));
      }
    }
  }

  private static JsonNode rotated(
      HttpExchange exchange, KeyAdministration keys, List<String> path, Instant now)
      throws IOException {
    if (!path.getLast().equals(ROTATE)) {
      throw new IllegalArgumentException(
          "a key can be rotated; it cannot be '" + path.getLast() + "'");
    }
    byte[] body = body(exchange);
    return KeyJson.write(keys.rotate(path.getFirst(), KeyRequest.grace(body)), now);
  }

  private static List<String> path(HttpExchange exchange) {
    String rest = exchange.getRequestURI().getPath().substring(PATH.length());
    return List.of(rest.split("/")).stream().filter(part -> !part.isEmpty()).toList();
  }

  private static byte[] jsonBody(HttpExchange exchange) throws IOException {
    byte[] body = body(exchange);
    if (body.length == 0) {
      throw new IllegalArgumentException("the body is empty: it says name and tenant at least");
    }
    return body;
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw new IllegalArgumentException("the body has more than " + MAX_BODY_BYTES + " bytes");
    }
    return body;
  }

  private static PipelineError invalid(int status, String message) {
    ErrorCode code = ErrorCode.INVALID_REQUEST;
    return new PipelineError(code.wireName(), code.category(), message, status, null, null, null);
  }
}
