package io.millrace.schemas.access;

import io.millrace.plugin.access.AccessKey;
import java.util.Locale;

/** What a key or a signature turned out to be. */
public sealed interface KeyCheck {

  /**
   * It is right, and the key may be used now.
   *
   * @param key what it may do
   */
  record Valid(AccessKey key) implements KeyCheck {}

  /**
   * It is not.
   *
   * @param reason for meters; whoever sent it is not told
   */
  record Invalid(Reason reason) implements KeyCheck {}

  /** Why a credential was refused. */
  enum Reason {
    /** It is not in the form of one. */
    MALFORMED,
    /** There is no such key. */
    UNKNOWN,
    /** The key is there, its secret is another. */
    MISMATCH,
    /** The key was taken back. */
    REVOKED,
    /** The key has ended. */
    EXPIRED,
    /** The key may not sign. */
    NOT_FOR_SIGNING,
    /** It was signed too long ago, or in the future. */
    OUT_OF_TIME;

    /** The reason as the value of a tag. */
    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
