package io.millrace.stages;

import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.ControlAction;
import java.time.Instant;
import java.util.Optional;

/**
 * Orders about hooks on the {@code control} topic. The record's key is its subject, so the latest
 * order about a hook is the one that stays; a null value takes the order back.
 */
public final class HookControl {

  private static final String PREFIX = "hook/";

  private HookControl() {}

  /** The subject, and the record's key, of orders about a hook. */
  public static String subject(String hook) {
    return PREFIX + hook;
  }

  /**
   * An order to let new attempts go through a hook, or pass it by.
   *
   * @param by who gives it, for events and logs
   */
  public static Control switched(String hook, boolean on, Instant at, String by) {
    return new Control(
        subject(hook), on ? ControlAction.ENABLE : ControlAction.DISABLE, at.toEpochMilli(), by);
  }

  /** The hook that a subject is about, or empty when it is about something else. */
  static Optional<String> hookOf(String subject) {
    return subject.startsWith(PREFIX)
        ? Optional.of(subject.substring(PREFIX.length()))
        : Optional.empty();
  }
}
