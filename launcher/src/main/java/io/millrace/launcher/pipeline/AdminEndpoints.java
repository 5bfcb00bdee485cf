package io.millrace.launcher.pipeline;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.keys.KeyAdministration;
import io.millrace.schemas.access.AuthSecret;
import io.millrace.schemas.kafka.KafkaConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What administrators may do over HTTP, behind the guard. */
final class AdminEndpoints implements AutoCloseable {

  private final AdminGuard guard;
  private final KeysEndpoint keys;
  private final HookAdministration hooks;
  private final ProvidersEndpoint providers;

  /**
   * Endpoints of one pipeline.
   *
   * @param secret what keys are hashed with; null where there are none
   */
  AdminEndpoints(MillraceConfig settings, KafkaConnection connection, @Nullable AuthSecret secret) {
    guard = new AdminGuard(settings.auth().adminToken());
    hooks = HookAdministration.open(connection, settings.topicCatalogue());
    providers = new ProvidersEndpoint(new ProviderAdministration(settings, connection));
    keys =
        new KeysEndpoint(
            Optional.ofNullable(secret)
                .map(
                    known ->
                        () ->
                            KeyAdministration.open(connection, settings.topicCatalogue(), known)));
  }

  /** Puts the guard before something. */
  void guard(HttpContext context) {
    context.getFilters().add(guard);
  }

  void addTo(HttpServer server) {
    guard(server.createContext(KeysEndpoint.PATH, keys));
    guard(server.createContext(ProvidersEndpoint.PATH, providers));
    guard(server.createContext(HookAdministration.PATH, hooks));
  }

  @Override
  public void close() {
    hooks.close();
  }
}
