package io.millrace.benchmarks;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run of a scenario found.
 *
 * @param id the scenario, e.g. {@code b1}
 * @param title what it measures
 * @param at when it ended
 * @param settings what it ran with
 * @param figures in the order they are shown
 */
record Report(
    String id, String title, Instant at, Map<String, Object> settings, List<Figure> figures) {

  Report {
    settings = new LinkedHashMap<>(settings);
    figures = List.copyOf(figures);
  }

  /** The value of a figure by its name. */
  double value(String name) {
    return figures.stream()
        .filter(figure -> figure.name().equals(name))
        .mapToDouble(Figure::value)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no figure '" + name + "' in " + id));
  }
}
