package io.millrace.stages.hooks.auth;

import java.util.Locale;

/** What the hook found out about an attempt. */
enum Decision {
  /** It may go on. */
  ALLOWED,
  /** Nobody said who sends it, and nobody has to. */
  ANONYMOUS,
  /** Nobody said who sends it, and somebody has to. */
  MISSING,
  /** The key is not known here yet. */
  NOT_YET_KNOWN,
  /** There is no such key. */
  UNKNOWN,
  /** The key was taken back. */
  REVOKED,
  /** The key or the token has ended. */
  EXPIRED,
  /** The key is another tenant's. */
  TENANT,
  /** Not with this model. */
  MODEL,
  /** Not in this lane. */
  LANE;

  /** The decision as the value of a tag. */
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
