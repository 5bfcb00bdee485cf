package io.millrace.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.plugin.hook.Operation;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.operate.HookOperations;
import io.millrace.stages.operate.HookQuestion;
import io.millrace.stages.operate.OperationAnswer.Done;
import io.millrace.stages.operate.OperationAnswer.Refused;
import io.millrace.stages.operate.OperationAnswer.Unanswered;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.KafkaException;

/**
 * Operations on the state of hooks over HTTP, whichever process holds it:
 *
 * <pre>
 * GET  /admin/hooks/HOOK/state?key=TENANT
 * POST /admin/hooks/HOOK/operations/NAME?key=TENANT   {"argument": "value"}
 * </pre>
 *
 * Thread-safe.
 */
final class HookAdministration implements HttpHandler, AutoCloseable {

  /** What its paths begin with. */
  static final String PATH = "/admin/hooks/";

  /** The most questions at once; each has clients of its own. */
  private static final int MAX_AT_ONCE = 8;

  private static final int MAX_BODY_BYTES = 256 * 1024;
  private static final String BY = "http";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SchemaRegistry registry;
  private final HookOperations operations;
  private final Semaphore places = new Semaphore(MAX_AT_ONCE);

  private HookAdministration(SchemaRegistry registry, HookOperations operations) {
    this.registry = registry;
    this.operations = operations;
  }

  /** Administration of one pipeline's hooks. */
  static HookAdministration open(KafkaConnection connection, TopicCatalogue topics) {
    SchemaRegistry registry = connection.openRegistry();
    return new HookAdministration(registry, new HookOperations(connection, topics, registry));
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Reply reply;
    try {
      reply = ask(question(exchange));
    } catch (WrongRequestException e) {
      reply = error(e.status, e.code, String.valueOf(e.getMessage()));
    }
    OperationsServer.answer(exchange, reply.status(), OperationsServer.JSON, reply.json());
  }

  private Reply ask(HookQuestion question) {
    if (!places.tryAcquire()) {
      return error(
          503, "unavailable", "%d operations are under way: try again".formatted(MAX_AT_ONCE));
    }
    try {
      return switch (operations.ask(question, HookOperations.PATIENCE)) {
        case Done done -> new Reply(200, done.json());
        case Refused refused -> error(refused.httpStatus(), refused.code(), refused.message());
        case Unanswered unanswered -> error(504, "deadline_exceeded", unanswered.message());
      };
    } catch (KafkaException e) {
      return error(503, "unavailable", "the cluster cannot be asked: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error(503, "unavailable", "this process is stopping");
    } finally {
      places.release();
    }
  }

  private static HookQuestion question(HttpExchange exchange) throws IOException {
    List<String> parts =
        List.of(exchange.getRequestURI().getRawPath().substring(PATH.length()).split("/", -1));
    if (parts.size() == 2 && parts.get(1).equals("state")) {
      require(exchange, "GET");
      return new HookQuestion(decoded(parts.get(0)), key(exchange), Operation.of("show"), BY);
    }
    if (parts.size() == 3 && parts.get(1).equals("operations")) {
      require(exchange, "POST");
      return new HookQuestion(
          decoded(parts.get(0)),
          key(exchange),
          new Operation(decoded(parts.get(2)), arguments(exchange)),
          BY);
    }
    throw new WrongRequestException(
        404,
        "not_found",
        "there is GET " + PATH + "HOOK/state and POST " + PATH + "HOOK/operations/NAME");
  }

  private static void require(HttpExchange exchange, String method) {
    if (!exchange.getRequestMethod().equals(method)) {
      exchange.getResponseHeaders().set("Allow", method);
      throw new WrongRequestException(405, "method_not_allowed", "this takes " + method);
    }
  }

  private static String key(HttpExchange exchange) {
    String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    for (String parameter : query.split("&", -1)) {
      if (parameter.startsWith("key=") && parameter.length() > "key=".length()) {
        return decoded(parameter.substring("key=".length()));
      }
    }
    throw wrong("say whose state it is about: ?key=TENANT");
  }

  private static Map<String, String> arguments(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw new WrongRequestException(
          413, "request_too_large", "the body has at most %d bytes".formatted(MAX_BODY_BYTES));
    }
    return body.length == 0 ? Map.of() : arguments(body);
  }

  private static Map<String, String> arguments(byte[] body) throws IOException {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw wrong("the body is no JSON: expected an object of strings, or nothing");
    }
    if (!tree.isObject()) {
      throw wrong("the body must be an object of strings, or nothing");
    }
    Map<String, String> arguments = new HashMap<>();
    tree.forEachEntry(
        (name, value) -> {
          if (!value.isTextual()) {
            throw wrong("argument '%s' must be a string".formatted(name));
          }
          arguments.put(name, value.textValue());
        });
    return arguments;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong("'%s' is not percent-encoded as it must be".formatted(text));
    }
  }

  private static WrongRequestException wrong(String message) {
    return new WrongRequestException(400, "invalid_request", message);
  }

  private static Reply error(int status, String code, String message) {
    var body = JSON.createObjectNode();
    body.putObject("error").put("code", code).put("message", message);
    return new Reply(status, body.toString());
  }

  @Override
  public void close() {
    registry.close();
  }

  private record Reply(int status, String json) {}

  /** The request itself is wrong. */
  private static final class WrongRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    WrongRequestException(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }
  }
}
