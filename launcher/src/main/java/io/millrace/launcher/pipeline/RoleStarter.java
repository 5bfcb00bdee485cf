package io.millrace.launcher.pipeline;

import io.millrace.analytics.AnalyticsStream;
import io.millrace.analytics.monitors.MonitorService;
import io.millrace.ingest.IngestService;
import io.millrace.plugin.monitor.Monitor;
import io.millrace.stages.ChunkHooks;
import io.millrace.stages.HookStages;
import io.millrace.workers.ChunkFilter;
import io.millrace.workers.ProviderWorkers;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Starts one role. */
final class RoleStarter {

  private final ServiceConfigs configs;
  private final RoleContext context;
  private final StageChunks chunks;

  private RoleStarter(RoleContext context, StageChunks chunks) {
    this.context = context;
    this.chunks = chunks;
    this.configs = new ServiceConfigs(context.settings(), context.dataDir());
  }

  /**
   * Starts it.
   *
   * @param chunks where stages of this process, if there are any, meet its workers
   */
  static RunningRole start(Role role, RoleContext context, StageChunks chunks) {
    RoleStarter starter = new RoleStarter(context, chunks);
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
    HookStages stages;
    try {
      stages =
          HookStages.start(
              configs.hooks(context.plugins().hooks(), context.plugins().strategies()),
              context.connection(),
              context.topics(),
              context.meters());
    } catch (RuntimeException e) {
      chunks.failed(e);
      throw e;
    }
    chunks.started(stages::chunksAfter);
    return new RunningRole(
        Role.HOOKS, stages::ready, stages::failure, stages, Optional.empty(), stages::hooks);
  }

  private RunningRole providers() {
    if (chunks.stagesAreHere()) {
      ProviderWorkers workers = workers(chunks);
      return new RunningRole(
          Role.PROVIDERS, workers::ready, workers::failure, workers, Optional.empty());
    }
    ChunkHooks hooks =
        ChunkHooks.open(
            configs.hooks(context.plugins().hooks(), context.plugins().strategies()),
            context.connection(),
            context.topics(),
            context.meters());
    try {
      ProviderWorkers workers = workers(hooks::after);
      return new RunningRole(
          Role.PROVIDERS,
          workers::ready,
          workers::failure,
          () -> closeBoth(workers, hooks),
          Optional.empty());
    } catch (RuntimeException e) {
      hooks.close();
      throw e;
    }
  }

  private ProviderWorkers workers(ChunkFilter filter) {
    return ProviderWorkers.start(
        configs.providers(),
        configs.looks(),
        context.connection(),
        context.topics(),
        context.meters(),
        context.plugins().forWorkers(),
        filter);
  }

  private static void closeBoth(ProviderWorkers workers, ChunkHooks hooks) {
    try (hooks) {
      workers.close();
    }
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
