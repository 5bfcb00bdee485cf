package io.millrace.plugin.provider;

/** Classes of failed calls; each has one way to go on (hook contract, H26). */
public enum FailureClass {
  /** No connection, or it broke off before the answer was complete. Same key, with back-off. */
  CONNECTION(Next.RETRY_SAME_KEY),
  /** 500, 502, 503, 504 or 529. Same key, with back-off. */
  SERVER_ERROR(Next.RETRY_SAME_KEY),
  /** Nothing within the call's time-out. Same key, with back-off, while the deadline allows. */
  TIMEOUT(Next.RETRY_SAME_KEY),
  /** 429. The next key; the one used rests for as long as {@code Retry-After} says. */
  RATE_LIMITED(Next.NEXT_KEY),
  /**
   * 401, 403, quota exhausted, or a model this key may not use. The next key at once; this one is
   * marked.
   */
  KEY_REJECTED(Next.NEXT_KEY),
  /** 400, 404, 413 or 422. The request is at fault: no retry. */
  REQUEST_REJECTED(Next.GIVE_UP),
  /** An answer that cannot be understood. Same key, with back-off. */
  INVALID_RESPONSE(Next.RETRY_SAME_KEY);

  private final Next next;

  FailureClass(Next next) {
    this.next = next;
  }

  /** How to go on. */
  public Next next() {
    return next;
  }

  /** How a worker goes on after a failed call. */
  public enum Next {
    /** The same key again, later. */
    RETRY_SAME_KEY,
    /** Another key. */
    NEXT_KEY,
    /** Not again. */
    GIVE_UP
  }
}
