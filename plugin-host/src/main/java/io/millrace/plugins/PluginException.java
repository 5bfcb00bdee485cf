package io.millrace.plugins;

import org.jspecify.annotations.Nullable;

/**
 * A plugin was refused. The message is one sentence for people: what was wrong, where, what would
 * be right.
 */
public final class PluginException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public PluginException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  PluginException(String message) {
    this(message, null);
  }
}
