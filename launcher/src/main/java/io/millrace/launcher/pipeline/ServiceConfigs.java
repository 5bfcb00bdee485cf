package io.millrace.launcher.pipeline;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.config.MillraceConfig.PluginSection;
import io.millrace.stages.HookSetting;
import io.millrace.stages.HookStagesConfig;
import io.millrace.stages.Routing;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Each service's own configuration out of the one file. */
public final class ServiceConfigs {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String STATE_FOLDER = "state";

  private final MillraceConfig settings;
  private final Path dataDir;

  /** Configurations whose state lives in a folder. */
  public ServiceConfigs(MillraceConfig settings, Path dataDir) {
    this.settings = settings;
    this.dataDir = dataDir;
  }

  /** For the hook stages. */
  public HookStagesConfig hooks() {
    MillraceConfig.Home home = settings.home();
    HookStagesConfig defaults = HookStagesConfig.defaults(stateDir(Role.HOOKS));
    return new HookStagesConfig(
        applicationId(defaults.applicationId()),
        defaults.stateDir(),
        home.scope(),
        home.threads(),
        home.dedupWindow(),
        defaults.commitInterval(),
        defaults.recordCacheBytes(),
        home.standbyReplicas(),
        hookSettings(),
        routing(),
        settings.completions().jsonMirror(),
        settings.replyTopics().allowed());
  }

  private List<HookSetting> hookSettings() {
    return settings.plugins().stream()
        .filter(PluginSection::enabled)
        .sorted(Comparator.comparingInt(PluginSection::order))
        .map(plugin -> new HookSetting(plugin.name(), plugin.onError(), map(plugin.config())))
        .toList();
  }

  private Routing routing() {
    Map<String, List<String>> models = new LinkedHashMap<>();
    settings.providers().forEach((name, provider) -> models.put(name, provider.models()));
    return new Routing(models, settings.requests().defaultProvider(), settings.models().aliases());
  }

  /** Two pipelines on one cluster have two prefixes, so two sets of applications. */
  private String applicationId(String name) {
    return settings.topics().prefix() + name;
  }

  private Path stateDir(Role role) {
    return dataDir.resolve(STATE_FOLDER).resolve(role.toString());
  }

  private static Map<String, Object> map(JsonNode config) {
    return MAPPER.convertValue(config, new TypeReference<Map<String, Object>>() {});
  }
}
