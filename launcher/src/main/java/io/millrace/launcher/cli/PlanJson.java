package io.millrace.launcher.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.topic.Topic;
import io.millrace.stages.plan.PlanView;
import io.millrace.stages.plan.PlannedHook;
import io.millrace.stages.plan.PlannedStore;
import io.millrace.stages.plan.StageGroup;
import java.util.Locale;

/** A plan as JSON, for scripts. */
final class PlanJson {

  private PlanJson() {}

  static String of(PlanView view) {
    ObjectNode plan = new ObjectMapper().createObjectNode();
    plan.put("deploy", word(view.deployment()));
    ArrayNode groups = plan.putArray("groups");
    view.plan().groups().forEach(group -> group(view, group, groups.addObject()));
    ArrayNode providers = plan.putArray("providers");
    for (String name : view.providers()) {
      ObjectNode provider = providers.addObject();
      provider.put("name", name);
      ArrayNode topics = provider.putArray("dispatch");
      view.dispatchTopics(name).stream().map(Topic::name).forEach(topics::add);
    }
    return plan.toPrettyString();
  }

  private static void group(PlanView view, StageGroup group, ObjectNode node) {
    node.put("name", group.name());
    node.put("key", word(group.key()));
    node.put("partitions", group.partitions());
    node.put("application", view.applicationOf(group));
    node.put("requests", group.requests().name());
    node.put("replies", group.replies().name());
    ArrayNode hooks = node.putArray("hooks");
    group.hooks().forEach(hook -> hook(hook, hooks.addObject()));
    ArrayNode stores = node.putArray("stores");
    group.stores().stream().map(PlannedStore::name).forEach(stores::add);
  }

  private static void hook(PlannedHook hook, ObjectNode node) {
    node.put("name", hook.name());
    node.put("scope", word(hook.scope()));
    node.put("stateful", hook.stateful());
    node.put("remote", hook.remote());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
