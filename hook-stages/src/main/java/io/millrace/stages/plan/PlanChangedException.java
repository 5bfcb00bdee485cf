package io.millrace.stages.plan;

/**
 * The stages cannot start with the configured plan while the data of another is in use. The message
 * says what would be lost and what to do, in several lines.
 */
public final class PlanChangedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PlanChangedException(String message) {
    super(message);
  }
}
