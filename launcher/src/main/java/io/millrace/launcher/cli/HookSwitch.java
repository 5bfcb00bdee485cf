package io.millrace.launcher.cli;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.ControlTopic;
import io.millrace.plugins.schema.Suggestion;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.model.TrustedRecords;
import io.millrace.stages.HookControl;
import java.time.Instant;
import java.util.List;

/** Orders on the control topic that switch hooks of all instances. */
final class HookSwitch {

  private static final String BY = "millrace plugin";

  private HookSwitch() {}

  /** Writes the order and returns when the broker has it. */
  static void order(String hook, boolean on, MillraceConfig config, KafkaConnection connection) {
    requireKnown(hook, config);
    TrustedRecords.trust();
    ControlTopic.order(
        HookControl.switched(hook, on, Instant.now(), BY), connection, config.topicCatalogue());
  }

  private static void requireKnown(String hook, MillraceConfig config) {
    List<String> names = config.plugins().stream().map(MillraceConfig.PluginSection::name).toList();
    if (!names.contains(hook)) {
      throw new CommandFailure(
          "the configuration has no plugin '%s'; %s".formatted(hook, Suggestion.of(hook, names)));
    }
  }
}
