package io.millrace.plugin.hook;

/** What a hook that throws does to the exchange at hand. */
public enum OnError {
  /** The exchange goes on as it was before the hook ran. */
  CONTINUE,
  /** The attempt ends with {@code hook_failed}; no fallback is tried. */
  FAIL
}
