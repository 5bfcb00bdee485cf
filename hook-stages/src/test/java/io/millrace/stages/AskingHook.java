package io.millrace.stages;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** A remote hook that asks a server about each request, and throws unless that says 200. */
final class AskingHook implements HookFactory {

  static final String NAME = "asking";
  private final Duration budget;

  AskingHook(Duration budget) {
    this.budget = budget;
  }

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(NAME, "Asks a server.").remote(budget).build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    String server = String.valueOf(config.get("server"));
    HttpClient http = HttpClient.newHttpClient();
    return new Hook() {
      @Override
      public PreHookResult preHook(CompletionRequest request, HookContext context) {
        ask(http, URI.create(server + context.requestId()));
        return PreHookResult.proceed(request);
      }

      @Override
      public void close() {
        http.shutdownNow();
      }
    };
  }

  private static void ask(HttpClient http, URI uri) {
    try {
      int status =
          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new IllegalStateException("the server says " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("given up", e);
    }
  }
}
