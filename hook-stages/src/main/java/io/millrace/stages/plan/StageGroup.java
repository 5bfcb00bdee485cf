package io.millrace.stages.plan;

import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.List;
import java.util.Objects;

/**
 * Hooks that run together: one hands the exchange to the next in memory. Immutable.
 *
 * @param name {@code home}, or the key's word and the hook that begins the group, as in {@code
 *     content-cache}: a change elsewhere in the chain does not rename it
 * @param key the key of the records on its topics
 * @param hooks in chain order; PreHooks run in this order, PostHooks in its reverse
 * @param requests where exchanges enter
 * @param replies where exchanges with an outcome come back
 * @param operations what operators ask about its hooks' state
 * @param stores its own and its hooks'
 */
public record StageGroup(
    String name,
    GroupKey key,
    List<PlannedHook> hooks,
    Topic requests,
    Topic replies,
    Topic operations,
    List<PlannedStore> stores) {

  /** Copies the lists. */
  public StageGroup {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(requests, "requests");
    Objects.requireNonNull(replies, "replies");
    Objects.requireNonNull(operations, "operations");
    hooks = List.copyOf(hooks);
    stores = List.copyOf(stores);
  }

  /** Whether it owns exchanges from acceptance to result. */
  public boolean home() {
    return name.equals(TopicCatalogue.HOME);
  }

  /** Names of its hooks, in chain order. */
  public List<String> hookNames() {
    return hooks.stream().map(PlannedHook::name).toList();
  }

  /** Of its topics, and so of its stores. */
  public int partitions() {
    return requests.partitions();
  }
}
