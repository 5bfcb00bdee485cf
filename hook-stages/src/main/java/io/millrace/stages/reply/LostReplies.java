package io.millrace.stages.reply;

/** Hears of copies of results that were given up. Must not throw or wait. */
@FunctionalInterface
public interface LostReplies {

  /**
   * A copy did not get to its topic; the result itself is on the topic of results.
   *
   * @param requestId of the request whose result it is; empty where the result has no key
   * @param topic where the copy was wanted
   * @param reason one of a few words, such as {@code missing}
   */
  void lost(String requestId, String topic, String reason);
}
