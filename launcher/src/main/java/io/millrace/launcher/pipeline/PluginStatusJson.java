package io.millrace.launcher.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugins.LoadedPlugin;
import io.millrace.stages.HookStatus;
import io.millrace.stages.HookStatus.CallStatistics;
import java.util.List;
import java.util.Locale;

/**
 * The plugins that run in this process as JSON: the hooks of the chain and how they have done, then
 * providers and monitors.
 */
final class PluginStatusJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PluginStatusJson() {}

  static String write(List<HookStatus> hooks, List<PluginStatus> others) {
    ObjectNode document = JSON.createObjectNode();
    ArrayNode list = document.putArray("plugins");
    hooks.forEach(hook -> add(list.addObject(), hook));
    others.forEach(other -> add(list.addObject(), other));
    return document.toPrettyString();
  }

  private static void add(ObjectNode node, PluginStatus status) {
    LoadedPlugin plugin = status.plugin();
    node.put("name", plugin.name())
        .put("kind", plugin.entry().kind().toString())
        .put("version", plugin.shownVersion())
        .put("source", plugin.origin())
        .put("description", plugin.entry().description())
        .put("enabled", status.enabled());
  }

  private static void add(ObjectNode node, HookStatus hook) {
    HookDescriptor descriptor = hook.descriptor();
    node.put("name", hook.name())
        .put("kind", "hook")
        .put("plugin", descriptor.name())
        .put("version", descriptor.version())
        .put("description", descriptor.description())
        .put("scope", lower(descriptor.scope()))
        .put("stateful", descriptor.stateful())
        .put("remote", descriptor.remote())
        .put("on_error", lower(hook.onError()))
        .put("enabled", hook.enabled())
        .put("short_circuits", hook.shortCircuits());
    add(node.putObject("pre_request"), hook.preRequest());
    add(node.putObject("pre_hook"), hook.preHook());
    add(node.putObject("post_hook"), hook.postHook());
  }

  private static void add(ObjectNode node, CallStatistics calls) {
    node.put("calls", calls.calls())
        .put("errors", calls.errors())
        .put("slow", calls.slow())
        .put("mean_micros", calls.meanMicros())
        .put("max_micros", calls.maxMicros());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
