package io.millrace.launcher.pipeline;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets administrators in: with a token whoever has it; without one whoever calls from this machine,
 * but no browser (another site's page would call in its user's name) and nobody behind a proxy.
 * Thread-safe.
 */
final class AdminGuard extends Filter {

  private static final String BEARER = "bearer ";
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final @Nullable String token;

  AdminGuard(@Nullable String token) {
    this.token = token;
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    Optional<PipelineError> refusal = refusal(exchange);
    if (refusal.isEmpty()) {
      chain.doFilter(exchange);
      return;
    }
    if (refusal.get().httpStatus() == 401) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
    }
    AdminAnswers.error(exchange, refusal.get());
  }

  private Optional<PipelineError> refusal(HttpExchange exchange) {
    if (token != null) {
      return hasToken(exchange.getRequestHeaders(), token)
          ? Optional.empty()
          : Optional.of(ErrorCode.UNAUTHENTICATED.error("the credential is missing or not valid"));
    }
    return isFromHere(exchange)
        ? Optional.empty()
        : Optional.of(
            ErrorCode.FORBIDDEN.error(
                "administration is for callers on this machine only; set auth.admin_token to open"
                    + " it to others"));
  }

  private static boolean hasToken(Headers headers, String token) {
    String given = Optional.ofNullable(headers.getFirst("Authorization")).orElse("");
    return given.toLowerCase(Locale.ROOT).startsWith(BEARER)
        && MessageDigest.isEqual(
            given.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8),
            token.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isFromHere(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    return exchange.getRemoteAddress().getAddress().isLoopbackAddress()
        && OWN_NAMES.contains(hostName(headers))
        && !headers.containsKey("Origin")
        && !headers.containsKey("Forwarded")
        && !headers.containsKey("X-Forwarded-For");
  }

  /** A name that merely resolves to this machine may be another site's trick. */
  private static String hostName(Headers headers) {
    String host = Optional.ofNullable(headers.getFirst("Host")).orElse("");
    return host.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
  }

  @Override
  public String description() {
    return "lets administrators in";
  }
}
