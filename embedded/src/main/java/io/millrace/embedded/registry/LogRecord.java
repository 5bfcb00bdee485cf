package io.millrace.embedded.registry;

import org.jspecify.annotations.Nullable;

/** One change of the registry, as the topic keeps it. The newest record of each key stands. */
sealed interface LogRecord {

  /**
   * A schema stands under a subject.
   *
   * @param version from 1, never used again
   * @param id the same for the same text under any subject
   * @param schema its text
   * @param deleted softly: hidden, but data written with it stays readable
   */
  record Version(String subject, int version, int id, String schema, boolean deleted)
      implements LogRecord {

    Version asDeleted() {
      return new Version(subject, version, id, schema, true);
    }
  }

  /** A version is gone for good. */
  record VersionRemoved(String subject, int version) implements LogRecord {}

  /** The level of a subject, or the global one where the subject is null. */
  record Level(@Nullable String subject, CompatibilityLevel level) implements LogRecord {}

  /** A level is as by default again. */
  record LevelRemoved(@Nullable String subject) implements LogRecord {}

  /** Ids up to this one were given out, also to schemas that are gone for good. */
  record IdsGiven(int highest) implements LogRecord {}
}
