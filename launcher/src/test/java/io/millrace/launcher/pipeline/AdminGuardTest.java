package io.millrace.launcher.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdminGuardTest {

  private static final String TOKEN = "0123456789abcdef";

  @Test
  void shouldAskEverybodyForTheTokenWhereThereIsOne() throws Exception {
    assertThat(call(TOKEN, "Authorization", "Bearer " + TOKEN).statusCode()).isEqualTo(200);
    assertThat(call(TOKEN, "Authorization", "bearer  " + TOKEN).statusCode()).isEqualTo(200);
    HttpResponse<String> missing = call(TOKEN);
    assertThat(missing.statusCode()).isEqualTo(401);
    assertThat(missing.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    for (String wrong : new String[] {"Bearer ", "Bearer x", TOKEN, "Basic " + TOKEN}) {
      HttpResponse<String> refused = call(TOKEN, "Authorization", wrong);
      assertThat(refused.statusCode()).as(wrong).isEqualTo(401);
      assertThat(refused.body()).isEqualTo(missing.body());
    }
  }

  @Test
  void shouldLetOnlyThisMachineInWithoutAToken() throws Exception {
    assertThat(call(null).statusCode()).isEqualTo(200);
    assertThat(call(null, "Origin", "https://evil.example").statusCode()).isEqualTo(403);
    assertThat(call(null, "Origin", "null").statusCode()).isEqualTo(403);
    assertThat(call(null, "X-Forwarded-For", "10.0.0.1").statusCode()).isEqualTo(403);
    assertThat(call(null, "Forwarded", "for=10.0.0.1").statusCode()).isEqualTo(403);
    assertThat(call(null, "Origin", "x").body()).contains("auth.admin_token");
  }

  private static HttpResponse<String> call(@Nullable String token, String... headers)
      throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server
        .createContext(
            "/admin",
            exchange -> {
              exchange.sendResponseHeaders(200, -1);
              exchange.close();
            })
        .getFilters()
        .add(new AdminGuard(token));
    server.start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/admin"));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), BodyHandlers.ofString());
    } finally {
      server.stop(0);
    }
  }
}
