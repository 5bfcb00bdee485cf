package io.millrace.plugin.model;

/**
 * What kind of failure it was. The category settles whether a fallback may be tried when the error
 * itself does not say (hook contract, case H19).
 */
public enum ErrorCategory {
  /** The caller's request is at fault. */
  INVALID_REQUEST(false),
  /** Who asks is not known, or may not ask this. */
  AUTHENTICATION(false),
  /** A guard refused the content. */
  SECURITY(false),
  /** Somebody's limit is reached; later it would do. */
  RATE_LIMIT(true),
  /** Nothing came in time. */
  TIMEOUT(true),
  /** The provider failed in a way that may pass. */
  UPSTREAM(true),
  /** The provider's own credentials or configuration are at fault; another provider may do. */
  CONFIGURATION(true),
  /** The whole request's time or its caller is gone; trying on is pointless. */
  ENDED(false),
  /** A fault of the pipeline itself. */
  INTERNAL(false);

  private final boolean fallbacksByDefault;

  ErrorCategory(boolean fallbacksByDefault) {
    this.fallbacksByDefault = fallbacksByDefault;
  }

  /** Whether a fallback is tried when the error leaves it open. */
  public boolean fallbacksByDefault() {
    return fallbacksByDefault;
  }
}
