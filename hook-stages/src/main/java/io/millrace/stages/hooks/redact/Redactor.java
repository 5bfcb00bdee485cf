package io.millrace.stages.hooks.redact;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Finds personal data and secrets in text: e-mail addresses, telephone numbers, payment cards,
 * IBANs, US social security numbers, IP addresses, API keys, tokens, private keys, and what a
 * user's own patterns match. In time linear in the text. Thread-safe.
 */
public final class Redactor {

  /** A text for a log is cut to this many characters before it is looked through. */
  public static final int MAX_LOG_CHARACTERS = 10_000;

  private static final Redactor STANDARD = new Redactor(StandardDetectors.ALL);

  private final List<Detector> detectors;

  Redactor(List<Detector> detectors) {
    this.detectors = List.copyOf(detectors);
  }

  /** One that finds every kind there is without configuration. */
  public static Redactor standard() {
    return STANDARD;
  }

  /** One that finds some of those kinds, and a user's own. */
  static Redactor of(Collection<String> kinds, List<CustomDetector> custom) {
    List<Detector> chosen = new ArrayList<>(custom);
    StandardDetectors.ALL.stream()
        .filter(detector -> kinds.contains(detector.kind()))
        .forEach(chosen::add);
    return new Redactor(chosen);
  }

  /** Every kind there is without configuration. */
  static Set<String> standardKinds() {
    Set<String> kinds = new TreeSet<>();
    StandardDetectors.ALL.forEach(detector -> kinds.add(detector.kind()));
    return kinds;
  }

  /**
   * A text fit for a log: cut, and with everything found replaced by the name of its kind in
   * brackets, and IP addresses by their network.
   */
  public String forLog(String text) {
    String cut =
        text.length() <= MAX_LOG_CHARACTERS ? text : text.substring(0, MAX_LOG_CHARACTERS) + "…";
    return replace(cut, Finding::mask);
  }

  /** The text with something else in place of each finding. */
  String replace(String text, Function<Finding, String> replacement) {
    return replace(text, find(text), replacement);
  }

  static String replace(
      String text, Collection<Finding> findings, Function<Finding, String> replacement) {
    if (findings.isEmpty()) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length());
    int done = 0;
    for (Finding finding : findings) {
      result.append(text, done, finding.start()).append(replacement.apply(finding));
      done = finding.end();
    }
    return result.append(text, done, text.length()).toString();
  }

  /** Everything found, in order and without overlaps. */
  Collection<Finding> find(String text) {
    NavigableMap<Integer, Finding> found = new TreeMap<>();
    for (Detector detector : detectors) {
      detector.find(
          text,
          finding -> {
            if (free(found, finding)) {
              found.put(finding.start(), finding);
            }
          });
    }
    return found.values();
  }

  private static boolean free(NavigableMap<Integer, Finding> found, Finding finding) {
    Map.Entry<Integer, Finding> before = found.lowerEntry(finding.end());
    return before == null || before.getValue().end() <= finding.start();
  }
}
