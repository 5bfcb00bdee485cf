package io.millrace.plugin.engine;

/** A model cannot be loaded. The message is for an operator: which model, what is wrong with it. */
public final class ModelException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Says what is wrong. */
  public ModelException(String message) {
    super(message);
  }

  /** Says what is wrong, and what showed it. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
