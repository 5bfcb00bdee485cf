package io.millrace.embedded.registry;

import io.millrace.embedded.registry.LogRecord.IdsGiven;
import io.millrace.embedded.registry.LogRecord.Level;
import io.millrace.embedded.registry.LogRecord.LevelRemoved;
import io.millrace.embedded.registry.LogRecord.Version;
import io.millrace.embedded.registry.LogRecord.VersionRemoved;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the records say so far. Every method holds this object's lock for a moment. */
final class RegistryState {

  private final SortedMap<String, SortedMap<Integer, Version>> subjects = new TreeMap<>();
  private final Map<@Nullable String, CompatibilityLevel> levels = new HashMap<>();
  private int highestId;

  synchronized void apply(LogRecord change) {
    switch (change) {
      case Version version -> {
        subjects
            .computeIfAbsent(version.subject(), name -> new TreeMap<>())
            .put(version.version(), version);
        highestId = Math.max(highestId, version.id());
      }
      case VersionRemoved removed -> {
        SortedMap<Integer, Version> versions = subjects.get(removed.subject());
        if (versions != null && versions.remove(removed.version()) != null && versions.isEmpty()) {
          subjects.remove(removed.subject());
        }
      }
      case Level level -> levels.put(level.subject(), level.level());
      case LevelRemoved removed -> levels.remove(removed.subject());
      case IdsGiven given -> highestId = Math.max(highestId, given.highest());
    }
  }

  /** Subjects with at least one version, in the order of their names. */
  synchronized List<String> subjects(boolean withDeleted) {
    return subjects.entrySet().stream()
        .filter(
            entry -> entry.getValue().values().stream().anyMatch(v -> withDeleted || !v.deleted()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Versions of a subject, the oldest first; empty when there is no such subject. */
  synchronized List<Version> versions(String subject, boolean withDeleted) {
    return subjects.getOrDefault(subject, new TreeMap<>()).values().stream()
        .filter(version -> withDeleted || !version.deleted())
        .toList();
  }

  /** Everywhere a schema stands, deleted or not. */
  synchronized List<Version> versionsOf(int id) {
    return all().filter(version -> version.id() == id).toList();
  }

  /** The id of a text that stands somewhere, deleted or not. */
  synchronized Optional<Integer> idOf(String schema) {
    return all().filter(v -> v.schema().equals(schema)).map(Version::id).findFirst();
  }

  synchronized int highestId() {
    return highestId;
  }

  /** What was configured, for a subject or (null) globally. */
  synchronized Optional<CompatibilityLevel> level(@Nullable String subject) {
    return Optional.ofNullable(levels.get(subject));
  }

  private Stream<Version> all() {
    return subjects.values().stream().flatMap(versions -> versions.values().stream());
  }
}
