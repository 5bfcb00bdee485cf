package io.millrace.stages;

import java.util.List;

/** Names of the home stage's nodes. */
final class HomeNodes {

  static final String REQUESTS = "home-requests";
  static final String REPLIES = "home-replies";
  static final String ACCEPT = "home-accept";
  static final String PARKING = "home-parking";
  static final String DISPATCH = "home-dispatch";
  static final String MATCH = "home-match";
  static final String SETTLE = "home-settle";
  static final String TO_PROVIDERS = "to-providers";
  static final String TO_NEXT_ATTEMPT = "to-next-attempt";
  static final String TO_COMPLETIONS = "to-completions";
  static final String TO_COMPLETIONS_JSON = "to-completions-json";
  static final String TO_REPLY_TOPIC = "to-reply-topic";
  static final String TO_EVENTS = "to-events";
  static final String TO_DEAD_LETTERS = "to-dead-letters";

  private HomeNodes() {}

  static String pre(String hook) {
    return hook + ".pre";
  }

  static String post(String hook) {
    return hook + ".post";
  }

  /** Where an attempt begins. */
  static String firstPre(List<String> hooks) {
    return hooks.isEmpty() ? DISPATCH : pre(hooks.getFirst());
  }

  /** What follows a hook's PreHook. */
  static String nextPre(List<String> hooks, int index) {
    return index == hooks.size() - 1 ? DISPATCH : pre(hooks.get(index + 1));
  }

  /** Where an outcome begins its way back. */
  static String firstPost(List<String> hooks) {
    return hooks.isEmpty() ? SETTLE : post(hooks.getLast());
  }

  /** What follows a hook's PostHook. */
  static String nextPost(List<String> hooks, int index) {
    return index == 0 ? SETTLE : post(hooks.get(index - 1));
  }
}
