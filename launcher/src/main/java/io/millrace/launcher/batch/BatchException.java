package io.millrace.launcher.batch;

/**
 * A batch cannot start or cannot go on, for a reason the user can do something about. The message
 * is one line: what is wrong, where, and what to do next.
 */
public final class BatchException extends RuntimeException {

  /** Whose turn it is. */
  public enum Kind {
    /** The command line or the files it names are at fault; nothing ran. */
    USAGE,
    /** The batch stopped on the way; running it again resumes. */
    STOPPED
  }

  private final Kind kind;

  private BatchException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  private BatchException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static BatchException usage(String message) {
    return new BatchException(Kind.USAGE, message);
  }

  static BatchException usage(String message, Throwable cause) {
    return new BatchException(Kind.USAGE, message, cause);
  }

  static BatchException stopped(String message) {
    return new BatchException(Kind.STOPPED, message);
  }

  static BatchException stopped(String message, Throwable cause) {
    return new BatchException(Kind.STOPPED, message, cause);
  }

  /** Whether the command line is at fault or the way was blocked. */
  public Kind kind() {
    return kind;
  }
}
