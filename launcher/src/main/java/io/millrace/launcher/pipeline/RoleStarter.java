package io.millrace.launcher.pipeline;

import io.millrace.analytics.AnalyticsStream;
import io.millrace.analytics.monitors.MonitorService;
import io.millrace.ingest.IngestService;
import io.millrace.plugin.monitor.Monitor;
import io.millrace.stages.HookStages;
import io.millrace.workers.ProviderWorkers;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Starts one role. */
final class RoleStarter {

  private final ServiceConfigs configs;
  private final RoleContext context;

  private RoleStarter(RoleContext context) {
    this.context = context;
    this.configs = new ServiceConfigs(context.settings(), context.dataDir());
  }

  static RunningRole start(Role role, RoleContext context) {
    RoleStarter starter = new RoleStarter(context);
    return switch (role) {
      case INGEST -> starter.ingest();
      case HOOKS -> starter.hooks();
      case PROVIDERS -> starter.providers();
      case ANALYTICS -> starter.analytics();
    };
  }

  private RunningRole ingest() {
    IngestService service =
        IngestService.start(
            configs.ingest(context.httpPort()).withAccess(configs.access(context.authSecret())),
            context.connection(),
            context.topics(),
            context.meters());
    String host = context.settings().http().host();
    return new RunningRole(
        Role.INGEST,
        service::ready,
        service::failure,
        service,
        Optional.of(URI.create("http://" + host + ":" + service.port())));
  }

  private RunningRole hooks() {
    HookStages stages =
        HookStages.start(
            configs.hooks(context.plugins().hooks()),
            context.connection(),
            context.topics(),
            context.meters());
    return new RunningRole(
        Role.HOOKS, stages::ready, stages::failure, stages, Optional.empty(), stages::hooks);
  }

  private RunningRole providers() {
    ProviderWorkers workers =
        ProviderWorkers.start(
            configs.providers(),
            context.connection(),
            context.topics(),
            context.meters(),
            context.plugins().forWorkers());
    return new RunningRole(
        Role.PROVIDERS, workers::ready, workers::failure, workers, Optional.empty());
  }

  private RunningRole analytics() {
    Map<String, Monitor> monitors = context.plugins().createMonitors();
    AnalyticsStream stream =
        AnalyticsStream.start(
            configs.analytics(), context.connection(), context.topics(), context.meters());
    AutoCloseable service = monitors.isEmpty() ? stream : withMonitors(stream, monitors);
    return new RunningRole(
        Role.ANALYTICS, stream::ready, stream::failure, service, Optional.empty());
  }

  private AutoCloseable withMonitors(AnalyticsStream stream, Map<String, Monitor> monitors) {
    MonitorService service =
        MonitorService.start(monitors, context.connection(), context.topics(), context.meters());
    return () -> {
      try (stream) {
        service.close();
      }
    };
  }
}
