package io.millrace.plugins.schema;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds what somebody who mistyped a name probably meant. */
public final class Suggestion {

  private static final int MAX_EDITS = 3;
  private static final int MIN_PREFIX = 3;
  private static final LevenshteinDistance DISTANCE = new LevenshteinDistance(MAX_EDITS);

  private Suggestion() {}

  /** The nearest known name, if one is near: it was begun, or a quarter of its letters differ. */
  public static Optional<String> nearest(String written, Collection<String> known) {
    return known.stream()
        .filter(name -> isNear(written, name))
        .min(Comparator.comparingInt(name -> edits(written, name)));
  }

  /** A question to append to a fault's message, or the list of what is known. */
  public static String of(String written, Collection<String> known) {
    return nearest(written, known)
        .map(name -> "did you mean '" + name + "'?")
        .orElseGet(() -> "known: " + String.join(", ", known.stream().sorted().toList()));
  }

  private static boolean isNear(String written, String name) {
    boolean begun = written.length() >= MIN_PREFIX && name.startsWith(written);
    return begun || edits(written, name) <= Math.min(MAX_EDITS, 1 + name.length() / 4);
  }

  private static int edits(String written, String name) {
    int edits = DISTANCE.apply(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
    return edits < 0 ? Integer.MAX_VALUE : edits;
  }
}
