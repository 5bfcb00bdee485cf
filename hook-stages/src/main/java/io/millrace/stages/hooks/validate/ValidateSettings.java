package io.millrace.stages.hooks.validate;

import io.millrace.stages.hooks.settings.ModelPattern;
import io.millrace.stages.hooks.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the hook holds requests and replies to.
 *
 * @param sizes how large requests may be
 * @param roles in what order
 * @param models what models can do
 * @param controlCharacters what becomes of control characters in requests
 * @param cleanReplies whether they are taken out of replies
 * @param replyCut how long replies may be
 */
record ValidateSettings(
    SizeRules sizes,
    RoleRules roles,
    ModelRules models,
    ControlPolicy controlCharacters,
    boolean cleanReplies,
    ReplyCut replyCut) {

  private static final int MAX_MODELS = 1_000;
  private static final long MAX_CHARACTERS = 100_000_000;
  private static final long MAX_TOKENS = 1_000_000_000;

  static ValidateSettings of(Map<String, Object> config) {
    Settings settings =
        Settings.of(
            config,
            "max_messages",
            "max_characters",
            "max_message_characters",
            "max_tools",
            "max_stop_sequences",
            "max_json_depth",
            "role_order",
            "control_characters",
            "clean_replies",
            "max_reply_characters",
            "characters_per_token",
            "models");
    return new ValidateSettings(
        new SizeRules(bounds(settings)),
        new RoleRules(settings.oneOf("role_order", RoleOrder.TOOLS)),
        new ModelRules(
            models(settings.named("models", MAX_MODELS)),
            settings.number("characters_per_token", 4, 0.5, 10)),
        settings.oneOf("control_characters", ControlPolicy.STRIP),
        settings.flag("clean_replies", true),
        new ReplyCut((int) settings.integer("max_reply_characters", 0, 0, MAX_CHARACTERS)));
  }

  private static Bounds bounds(Settings settings) {
    Bounds standard = Bounds.DEFAULT;
    return new Bounds(
        (int) settings.integer("max_messages", standard.messages(), 1, 100_000),
        settings.integer("max_characters", standard.characters(), 1, MAX_CHARACTERS),
        settings.integer("max_message_characters", standard.messageCharacters(), 1, MAX_CHARACTERS),
        (int) settings.integer("max_tools", standard.tools(), 0, 10_000),
        (int) settings.integer("max_stop_sequences", standard.stopSequences(), 0, 1_000),
        (int) settings.integer("max_json_depth", standard.jsonDepth(), 1, 1_000));
  }

  private static List<Map.Entry<ModelPattern, ModelLimits>> models(Settings models) {
    List<Map.Entry<ModelPattern, ModelLimits>> limits = new ArrayList<>();
    for (String pattern : models.keys()) {
      if (!models.has(pattern)) {
        throw models.wrong(pattern, "an object with the model's limits");
      }
      Settings entry =
          models.section(pattern, "max_input_tokens", "max_output_tokens", "vision", "tools");
      limits.add(Map.entry(new ModelPattern(pattern), limits(entry)));
    }
    return limits;
  }

  private static ModelLimits limits(Settings entry) {
    return new ModelLimits(
        entry.integer("max_input_tokens", 1, MAX_TOKENS),
        entry.integer("max_output_tokens", 1, MAX_TOKENS),
        entry.flag("vision", true),
        entry.flag("tools", true));
  }
}
