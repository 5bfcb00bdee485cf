package io.millrace.embedded.registry;

import io.millrace.embedded.registry.LogRecord.IdsGiven;
import io.millrace.embedded.registry.LogRecord.Level;
import io.millrace.embedded.registry.LogRecord.LevelRemoved;
import io.millrace.embedded.registry.LogRecord.Version;
import io.millrace.embedded.registry.LogRecord.VersionRemoved;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What the registry does: reads from the state, and writes by appending to the log, one writer at a
 * time, each decision made on a state that holds all writes before it. Thread-safe; writes block
 * until they are kept.
 */
final class SchemaCatalogue {

  private final SchemaLog log;
  private final RegistryState state;
  private final ReentrantLock writing = new ReentrantLock(true);

  SchemaCatalogue(SchemaLog log, RegistryState state) {
    this.log = log;
    this.state = state;
  }

  List<String> subjects(boolean withDeleted) {
    return state.subjects(withDeleted);
  }

  List<Version> versions(String subject, boolean withDeleted) {
    List<Version> versions = state.versions(subject, withDeleted);
    if (versions.isEmpty()) {
      throw RegistryFault.subjectNotFound(subject);
    }
    return versions;
  }

  /** One version of a subject; the newest where the number is empty. */
  Version version(String subject, Optional<Integer> number, boolean withDeleted) {
    List<Version> versions = versions(subject, withDeleted);
    return number
        .map(
            wanted ->
                versions.stream()
                    .filter(version -> version.version() == wanted)
                    .findFirst()
                    .orElseThrow(() -> RegistryFault.versionNotFound(wanted)))
        .orElseGet(versions::getLast);
  }

  /** Everywhere a schema stands, deleted or not; at least one place. */
  List<Version> versionsOf(int id) {
    List<Version> versions = state.versionsOf(id);
    if (versions.isEmpty()) {
      throw RegistryFault.schemaNotFound(id);
    }
    return versions;
  }

  /** Where a schema stands under a subject. */
  Version lookUp(String subject, String schema, boolean withDeleted) {
    String text = parse(schema).toString();
    return versions(subject, withDeleted).stream()
        .filter(version -> version.schema().equals(text))
        .findFirst()
        .orElseThrow(RegistryFault::schemaNotFound);
  }

  /** Registers a schema unless it stands there already. */
  Version register(String subject, String schema) {
    return writing(() -> registerNow(subject, parse(schema)));
  }

  private Version registerNow(String subject, Schema schema) {
    String text = schema.toString();
    List<Version> standing = state.versions(subject, false);
    Optional<Version> same =
        standing.stream().filter(version -> version.schema().equals(text)).findFirst();
    if (same.isPresent()) {
      return same.get();
    }
    List<String> faults = levelFor(subject).faults(schema, schemas(standing));
    if (!faults.isEmpty()) {
      throw RegistryFault.incompatible(subject, faults.toString());
    }
    List<Version> ever = state.versions(subject, true);
    int number = ever.isEmpty() ? 1 : ever.getLast().version() + 1;
    int id = state.idOf(text).orElseGet(() -> state.highestId() + 1);
    Version version = new Version(subject, number, id, text, false);
    log.append(version);
    return version;
  }

  /** Why a schema would be refused; against one version where given, else as the level says. */
  List<String> faults(String subject, @Nullable Version against, String schema) {
    Schema candidate = parse(schema);
    List<Version> earlier = against == null ? state.versions(subject, false) : List.of(against);
    return levelFor(subject).faults(candidate, schemas(earlier));
  }

  /** Deletes a subject's versions; returns their numbers. */
  List<Integer> delete(String subject, boolean permanently) {
    return writing(
        () -> {
          List<Version> versions = versions(subject, permanently);
          if (permanently && versions.stream().anyMatch(version -> !version.deleted())) {
            throw RegistryFault.subjectNotSoftDeleted(subject);
          }
          delete(versions, permanently);
          return versions.stream().map(Version::version).toList();
        });
  }

  /** Deletes one version; the newest where the number is empty. */
  int delete(String subject, Optional<Integer> number, boolean permanently) {
    return writing(
        () -> {
          Version version = version(subject, number, permanently);
          if (permanently && !version.deleted()) {
            throw RegistryFault.versionNotSoftDeleted(subject, version.version());
          }
          delete(List.of(version), permanently);
          return version.version();
        });
  }

  private void delete(List<Version> versions, boolean permanently) {
    if (permanently) {
      log.append(new IdsGiven(state.highestId()));
    }
    for (Version version : versions) {
      log.append(
          permanently
              ? new VersionRemoved(version.subject(), version.version())
              : version.asDeleted());
    }
  }

  /** The configured level of a subject, or (null) the global one. */
  Optional<CompatibilityLevel> level(@Nullable String subject) {
    return state.level(subject);
  }

  /** The level that holds for a subject, or (null) globally. */
  CompatibilityLevel levelFor(@Nullable String subject) {
    return state.level(subject).or(() -> state.level(null)).orElse(CompatibilityLevel.BACKWARD);
  }

  void setLevel(@Nullable String subject, CompatibilityLevel level) {
    writing(
        () -> {
          log.append(new Level(subject, level));
          return level;
        });
  }

  /** Back to the default; returns what held until now. */
  CompatibilityLevel resetLevel(@Nullable String subject) {
    return writing(
        () -> {
          CompatibilityLevel until = levelFor(subject);
          log.append(new LevelRemoved(subject));
          return until;
        });
  }

  private <T> T writing(Supplier<T> write) {
    writing.lock();
    try {
      return write.get();
    } finally {
      writing.unlock();
    }
  }

  private static List<Schema> schemas(List<Version> versions) {
    return versions.stream().map(version -> stored(version.schema())).toList();
  }

  /** What was accepted once is not checked again. */
  private static Schema stored(String text) {
    return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
  }

  private static Schema parse(String text) {
    try {
      return new Schema.Parser().parse(text);
    } catch (AvroRuntimeException e) {
      throw RegistryFault.invalidSchema(String.valueOf(e.getMessage()));
    }
  }
}
