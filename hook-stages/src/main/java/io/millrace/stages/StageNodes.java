package io.millrace.stages;

import io.millrace.schemas.topic.TopicCatalogue;
import java.util.List;

/**
 * Names of one stage group's nodes.
 *
 * @param group the group
 * @param hooks its hooks, in order
 */
record StageNodes(String group, List<String> hooks) {

  static final String TO_NEXT_ATTEMPT = "to-next-attempt";
  static final String TO_COMPLETIONS = "to-completions";
  static final String TO_COMPLETIONS_JSON = "to-completions-json";

  StageNodes {
    hooks = List.copyOf(hooks);
  }

  String requests() {
    return group + "-requests";
  }

  String replies() {
    return group + "-replies";
  }

  String operations() {
    return group + "-operations";
  }

  /** Where operators are answered. */
  String operate() {
    return group + "-operate";
  }

  String toOperationReplies() {
    return sink("to-operation-replies");
  }

  /** Where exchanges enter. */
  String accept() {
    return group + "-accept";
  }

  /** The clock of what waits at hooks. */
  String parking() {
    return group + "-parking";
  }

  /** Where exchanges leave for the next group or a provider. */
  String dispatch() {
    return group + "-dispatch";
  }

  /** Where outcomes come back. */
  String match() {
    return group + "-match";
  }

  /** Where outcomes leave: as results, or for the group before. */
  String settle() {
    return group + "-settle";
  }

  String toProviders() {
    return sink("to-providers");
  }

  String toNextGroup() {
    return sink("to-next-group");
  }

  String toGroupBefore() {
    return sink("to-group-before");
  }

  String toEvents() {
    return sink("to-events");
  }

  String toDeadLetters() {
    return sink("to-dead-letters");
  }

  static String pre(String hook) {
    return hook + ".pre";
  }

  static String post(String hook) {
    return hook + ".post";
  }

  /** Where an attempt begins. */
  String firstPre() {
    return hooks.isEmpty() ? dispatch() : pre(hooks.getFirst());
  }

  /** What follows a hook's PreHook. */
  String nextPre(int index) {
    return index == hooks.size() - 1 ? dispatch() : pre(hooks.get(index + 1));
  }

  /** Where an outcome begins its way back. */
  String firstPost() {
    return hooks.isEmpty() ? settle() : post(hooks.getLast());
  }

  /** What follows a hook's PostHook. */
  String nextPost(int index) {
    return index == 0 ? settle() : post(hooks.get(index - 1));
  }

  /** Where hooks' own requests enter the pipeline. */
  String toHome() {
    return sink("to-home");
  }

  private String sink(String name) {
    return group.equals(TopicCatalogue.HOME) ? name : group + "-" + name;
  }
}
