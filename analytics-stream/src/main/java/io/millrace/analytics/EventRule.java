package io.millrace.analytics;

import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import io.millrace.schemas.avro.PipelineEvent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Makes an alert of one type of event. It remembers nothing: whoever emits the event does so once
 * for each change, and says in it what tells one occasion from the next. Pure.
 *
 * @param eventType the event
 * @param only values that attributes must have for the rule to apply, by name
 * @param rule the alert's rule
 * @param level how bad it is; RESOLVED for the event that ends it
 * @param subject attributes that say what it is about, {@code tenant} being the event's own
 * @param occasion the attribute by which the events of one occasion belong together
 * @param metric the figure watched
 * @param value the attribute with its value
 * @param threshold the attribute with the threshold
 */
record EventRule(
    String eventType,
    Map<String, List<String>> only,
    String rule,
    AlertLevel level,
    List<String> subject,
    String occasion,
    String metric,
    String value,
    String threshold) {

  private static final int MAX_SUBJECT_CHARACTERS = 512;
  private static final List<String> SHED = List.of("process", "level");
  private static final List<String> CIRCUIT = List.of("process", "provider", "model");
  private static final List<String> BUDGET = List.of("tenant", "budget", "owner");

  /** Every rule there is; the first that applies counts. */
  static final List<EventRule> ALL =
      List.of(
          shedding(
              "shedding-started",
              Map.of("level", List.of("standard", "interactive")),
              AlertLevel.CRITICAL),
          shedding("shedding-started", Map.of(), AlertLevel.WARNING),
          shedding("shedding-stopped", Map.of(), AlertLevel.RESOLVED),
          budget("budget-warning", AlertLevel.WARNING),
          budget("budget-exhausted", AlertLevel.CRITICAL),
          circuit("circuit-opened", AlertLevel.WARNING),
          circuit("circuit-closed", AlertLevel.RESOLVED));

  private static EventRule shedding(
      String eventType, Map<String, List<String>> only, AlertLevel level) {
    return new EventRule(
        eventType, only, "shedding", level, SHED, "since", "load", "value", "bound");
  }

  private static EventRule budget(String eventType, AlertLevel level) {
    return new EventRule(
        eventType,
        Map.of(),
        "budget",
        level,
        BUDGET,
        "period",
        "spent_usd",
        "spent_usd",
        "limit_usd");
  }

  private static EventRule circuit(String eventType, AlertLevel level) {
    return new EventRule(
        eventType, Map.of(), "circuit", level, CIRCUIT, "since", "circuit_open", "value", "bound");
  }

  /** The types of events that a rule is about. */
  static final Set<String> TYPES =
      ALL.stream().map(EventRule::eventType).collect(Collectors.toUnmodifiableSet());

  /** The alert that an event makes; none for most. */
  static Optional<Alert> alertOf(PipelineEvent event) {
    return ALL.stream()
        .filter(rule -> rule.applies(event))
        .findFirst()
        .map(rule -> rule.alert(event));
  }

  /** The record key: alerts about one thing stay in order. */
  static String keyOf(Alert alert) {
    return alert.getRule() + "|" + alert.getSubject();
  }

  private boolean applies(PipelineEvent event) {
    return event.getType().equals(eventType)
        && only.entrySet().stream()
            .allMatch(entry -> entry.getValue().contains(attribute(event, entry.getKey())));
  }

  private Alert alert(PipelineEvent event) {
    StringJoiner about = new StringJoiner(",");
    subject.forEach(name -> about.add(name + "=" + attribute(event, name)));
    String bounded =
        about.length() <= MAX_SUBJECT_CHARACTERS
            ? about.toString()
            : about.toString().substring(0, MAX_SUBJECT_CHARACTERS);
    return Alert.newBuilder()
        .setAlertId(rule + "|" + bounded + "|" + attribute(event, occasion))
        .setRule(rule)
        .setSubject(bounded)
        .setLevel(level)
        .setMetric(metric)
        .setValue(number(event, value))
        .setThreshold(number(event, threshold))
        .setAtMillis(event.getAtMillis())
        .setMessage(message(event, bounded))
        .build();
  }

  private String message(PipelineEvent event, String about) {
    String signal = attribute(event, "signal");
    return String.format(
        Locale.ROOT,
        "%s: %s (%s %s, bound %s)",
        eventType.replace('-', ' '),
        about,
        signal.isEmpty() ? metric : signal,
        attribute(event, value),
        attribute(event, threshold));
  }

  /** Empty where there is none. */
  private static String attribute(PipelineEvent event, String name) {
    String own = event.getAttributes().get(name);
    if (own != null) {
      return own;
    }
    return name.equals("tenant") && event.getTenant() != null ? event.getTenant() : "";
  }

  /** 0 for what is no number: an alert is worth more than its figure. */
  private static double number(PipelineEvent event, String name) {
    try {
      double number = Double.parseDouble(attribute(event, name));
      return Double.isFinite(number) ? number : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
