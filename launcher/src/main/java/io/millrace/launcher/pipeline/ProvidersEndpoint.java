package io.millrace.launcher.pipeline;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.health.ProviderOrder;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /admin/providers} and {@code /admin/providers/NAME}: what is known of providers;
 * {@code POST /admin/providers/NAME/block} and {@code unblock}, with {@code ?model=MODEL} for one
 * model only. Thread-safe.
 */
final class ProvidersEndpoint implements HttpHandler {

  static final String PATH = "/admin/providers";

  private static final Logger LOG = LoggerFactory.getLogger(ProvidersEndpoint.class);
  private static final String BY = "http";
  private static final String MODEL = "model=";

  private final ProviderAdministration providers;

  ProvidersEndpoint(ProviderAdministration providers) {
    this.providers = providers;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      answer(exchange);
    } catch (IllegalArgumentException e) {
      AdminAnswers.error(exchange, invalid(400, String.valueOf(e.getMessage())));
    } catch (PipelineException | KafkaException e) {
      LOG.warn("providers cannot be administered: {}", e.getMessage());
      AdminAnswers.error(
          exchange, ErrorCode.UNAVAILABLE.error("the topics cannot be read or written right now"));
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      AdminAnswers.error(
          exchange, ErrorCode.INTERNAL_ERROR.error("the call failed here; the log says why"));
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    List<String> path = path(exchange);
    switch (exchange.getRequestMethod() + " " + path.size()) {
      case "GET 0" -> AdminAnswers.json(exchange, 200, ProviderJson.write(providers.list()));
      case "GET 1" -> show(exchange, path.getFirst());
      case "POST 2" -> order(exchange, path.getFirst(), path.getLast());
      default ->
          AdminAnswers.error(
              exchange,
              invalid(
                  405,
                  "there is GET %s, GET %s/NAME and POST %s/NAME/block or unblock"
                      .formatted(PATH, PATH, PATH)));
    }
  }

  private void show(HttpExchange exchange, String name) throws IOException {
    List<ProviderRow> rows =
        providers.list().stream().filter(row -> row.provider().equals(name)).toList();
    if (rows.isEmpty()) {
      AdminAnswers.error(
          exchange, invalid(404, "the configuration has no provider '" + name + "'"));
    } else {
      AdminAnswers.json(exchange, 200, ProviderJson.write(rows));
    }
  }

  private void order(HttpExchange exchange, String name, String what) throws IOException {
    boolean block = what.equals("block");
    if (!block && !what.equals("unblock")) {
      throw new IllegalArgumentException(
          "a provider can be told to block or unblock, not '" + what + "'");
    }
    ProviderOrder order = new ProviderOrder(name, model(exchange));
    providers.order(order, block, BY);
    AdminAnswers.json(exchange, 200, ProviderJson.ordered(order, block));
  }

  private static @Nullable String model(HttpExchange exchange) {
    String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    return Arrays.stream(query.split("&", -1))
        .filter(parameter -> parameter.startsWith(MODEL))
        .map(parameter -> parameter.substring(MODEL.length()))
        .map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8))
        .findFirst()
        .orElse(null);
  }

  private static List<String> path(HttpExchange exchange) {
    String rest = exchange.getRequestURI().getPath().substring(PATH.length());
    return Arrays.stream(rest.split("/", -1)).filter(part -> !part.isEmpty()).toList();
  }

  private static PipelineError invalid(int status, String message) {
    ErrorCode code = ErrorCode.INVALID_REQUEST;
    return new PipelineError(code.wireName(), code.category(), message, status, null, null, null);
  }
}
