package io.millrace.stages;

/** Which of a hook's methods is called. */
enum HookDirection {
  /** {@code preRequest}. */
  REQUEST("request", "preRequest"),
  /** {@code preHook}. */
  PRE("pre", "preHook"),
  /** {@code postHook}. */
  POST("post", "postHook"),
  /** {@code onChunk}. */
  CHUNK("chunk", "onChunk");

  private final String wireName;
  private final String method;

  HookDirection(String wireName, String method) {
    this.wireName = wireName;
    this.method = method;
  }

  /** The name in trails, events and meters. */
  String wireName() {
    return wireName;
  }

  /** The name of the method, for people. */
  String method() {
    return method;
  }
}
