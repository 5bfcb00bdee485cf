package io.millrace.plugins;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.plugins.schema.JsonSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a hook of a routing strategy. Besides the strategy's own settings it knows {@code targets}:
 * further candidates, as {@code provider/model}, for requests whose model is {@code auto}.
 */
public final class RoutingHookFactory implements HookFactory {

  private static final String TARGETS = "targets";
  private static final String TARGETS_SCHEMA =
      """
      {"type":"array","items":{"type":"string","pattern":"^[^/]+/.+$",
       "examples":["openai/gpt-4o-mini"]},"maxItems":100,
       "description":"Candidates for requests whose model is auto, as provider/model."}\
      """;

  private final RoutingStrategyFactory strategies;

  RoutingHookFactory(RoutingStrategyFactory strategies) {
    this.strategies = strategies;
  }

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(strategies.name(), strategies.description())
        .configSchema(schema())
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    Map<String, Object> own = new HashMap<>(config);
    Object targets = own.remove(TARGETS);
    return new RoutingHook(
        strategies.create(Map.copyOf(own), environment),
        targets instanceof List<?> list
            ? list.stream().map(item -> target(String.valueOf(item))).toList()
            : List.of());
  }

  private static Target target(String text) {
    int slash = text.indexOf('/');
    return new Target(text.substring(0, slash), text.substring(slash + 1));
  }

  private String schema() {
    ObjectMapper json = new ObjectMapper();
    String own = strategies.configSchema();
    ObjectNode schema =
        own == null
            ? json.createObjectNode().put("type", "object").put("additionalProperties", false)
            : (ObjectNode) JsonSchema.parse(own).document();
    schema
        .withObjectProperty("properties")
        .set(TARGETS, JsonSchema.parse(TARGETS_SCHEMA).document());
    return schema.toString();
  }
}
