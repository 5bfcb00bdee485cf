package io.millrace.launcher.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.openai.ChatCompletions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes what administrators get. */
final class AdminAnswers {

  private AdminAnswers() {}

  /** May hold secrets, so nobody on the way keeps it. */
  static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = body.toPrettyString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  static void error(HttpExchange exchange, PipelineError error) throws IOException {
    json(exchange, error.httpStatus(), ChatCompletions.writeError(error, null));
  }
}
