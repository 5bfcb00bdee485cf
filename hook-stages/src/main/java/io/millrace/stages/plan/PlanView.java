package io.millrace.stages.plan;

import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A plan and its surroundings, for the drawings of it. Immutable.
 *
 * @param plan the groups
 * @param topics names of the topics around them
 * @param providers configured names
 * @param deployment which applications run the groups
 * @param applicationId the one of the home group
 */
public record PlanView(
    StagePlan plan,
    TopicCatalogue topics,
    List<String> providers,
    Deployment deployment,
    String applicationId) {

  /** Copies the list. */
  public PlanView {
    Objects.requireNonNull(plan, "plan");
    Objects.requireNonNull(topics, "topics");
    Objects.requireNonNull(deployment, "deployment");
    Objects.requireNonNull(applicationId, "applicationId");
    providers = List.copyOf(providers);
  }

  /** The application that runs a group. */
  public String applicationOf(StageGroup group) {
    return deployment.applicationOf(group, applicationId);
  }

  /** A provider's topics, one for each lane. */
  public List<Topic> dispatchTopics(String provider) {
    return Arrays.stream(Lane.values()).map(lane -> topics.dispatch(provider, lane)).toList();
  }

  /** A provider's topics in one expression, the lanes in braces. */
  String dispatchPattern(String provider) {
    List<String> names = dispatchTopics(provider).stream().map(Topic::name).toList();
    int lanesBegin = names.getFirst().lastIndexOf('.') + 1;
    String stem = names.getFirst().substring(0, lanesBegin);
    return stem
        + "{"
        + String.join(",", names.stream().map(name -> name.substring(lanesBegin)).toList())
        + "}";
  }

  /** How the names of all dispatch topics are made. */
  String dispatchRule() {
    String name = dispatchPattern("PROVIDER");
    return name.substring(0, name.lastIndexOf('{')) + "LANE";
  }

  /** The number of hooks and groups, in words. */
  String summary() {
    int hooks = plan.groups().stream().mapToInt(group -> group.hooks().size()).sum();
    return count(plan.groups().size(), "stage group") + ", " + count(hooks, "hook");
  }

  /** A group's title: its name, key, partitions, and its application where it has its own. */
  List<String> headline(StageGroup group) {
    String key = "key: " + group.key().description();
    String partitions = count(group.partitions(), "partition");
    return deployment == Deployment.SEPARATE
        ? List.of(group.name(), key, partitions, "application " + applicationOf(group))
        : List.of(group.name(), key, partitions);
  }

  /** Where operators ask about the state of a group's hooks, and where the answers come. */
  String operationsOf(StageGroup group) {
    return group.operations().name() + " → " + topics.operationReplies().name();
  }

  /** What is to say of a hook beside its name. */
  static String note(PlannedHook hook) {
    String scope =
        switch (hook.scope()) {
          case NONE -> "any key";
          case TENANT -> "by tenant";
          case CONTENT -> "by content";
          case PROVIDER -> "by provider";
          case OWN -> "by its own key";
        };
    return scope
        + (hook.stateful() ? ", store " + GroupStores.stateOf(hook.name()) : "")
        + (hook.remote() ? ", remote" : "");
  }

  /** Where outcomes leave a group: the group before it, or at home the results. */
  Topic backTo(StageGroup group) {
    int index = plan.groups().indexOf(group);
    return index == 0 ? topics.completions() : plan.groups().get(index - 1).replies();
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
