package io.millrace.embedded.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/** What a new schema owes to those before it. */
enum CompatibilityLevel {
  /** Anything goes. */
  NONE(false, false, false),
  /** It reads data of the newest. */
  BACKWARD(true, false, false),
  /** It reads data of all. */
  BACKWARD_TRANSITIVE(true, false, true),
  /** The newest reads its data. */
  FORWARD(false, true, false),
  /** All read its data. */
  FORWARD_TRANSITIVE(false, true, true),
  /** Both, with the newest. */
  FULL(true, true, false),
  /** Both, with all. */
  FULL_TRANSITIVE(true, true, true);

  private final boolean readsEarlier;
  private final boolean readByEarlier;
  private final boolean transitive;

  CompatibilityLevel(boolean readsEarlier, boolean readByEarlier, boolean transitive) {
    this.readsEarlier = readsEarlier;
    this.readByEarlier = readByEarlier;
    this.transitive = transitive;
  }

  static Optional<CompatibilityLevel> of(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(level -> level.name().equals(upper)).findFirst();
  }

  /**
   * Why the candidate breaks this level; empty when it does not.
   *
   * @param earlier the subject's schemas, the oldest first
   */
  List<String> faults(Schema candidate, List<Schema> earlier) {
    int checked = transitive ? earlier.size() : Math.min(1, earlier.size());
    List<String> faults = new ArrayList<>();
    for (Schema other : earlier.subList(earlier.size() - checked, earlier.size()).reversed()) {
      if (readsEarlier) {
        incompatibilities(candidate, other)
            .forEach(what -> faults.add("the new schema cannot read an earlier one: " + what));
      }
      if (readByEarlier) {
        incompatibilities(other, candidate)
            .forEach(what -> faults.add("an earlier schema cannot read the new one: " + what));
      }
    }
    return faults;
  }

  private static Stream<String> incompatibilities(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(fault -> fault.getType() + " at " + fault.getLocation() + ": " + fault.getMessage());
  }
}
