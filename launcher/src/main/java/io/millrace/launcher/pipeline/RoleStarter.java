package io.millrace.launcher.pipeline;

import io.millrace.stages.HookStages;
import java.util.Optional;

/** Starts one role. */
final class RoleStarter {

  private RoleStarter() {}

  static RunningRole start(Role role, RoleContext context) {
    ServiceConfigs configs = new ServiceConfigs(context.settings(), context.dataDir());
    return switch (role) {
      case HOOKS -> hooks(configs, context);
      case INGEST, PROVIDERS, ANALYTICS ->
          throw new PipelineException(role + " is not part of this build", null);
    };
  }

  private static RunningRole hooks(ServiceConfigs configs, RoleContext context) {
    HookStages stages =
        HookStages.start(configs.hooks(), context.connection(), context.topics(), context.meters());
    return new RunningRole(Role.HOOKS, stages::ready, stages::failure, stages, Optional.empty());
  }
}
