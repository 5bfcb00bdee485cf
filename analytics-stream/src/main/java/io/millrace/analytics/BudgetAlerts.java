package io.millrace.analytics;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import io.millrace.schemas.avro.PipelineEvent;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes alerts of what hooks say about budgets: a warning where one is nearly spent, critical where
 * it had no money for a request. Such an alert ends with the budget's period; nothing is said then.
 */
final class BudgetAlerts {

  /** How alerts name this rule. */
  static final String RULE = "budget";

  private static final String METRIC = "spent_usd";

  private BudgetAlerts() {}

  /** The alert of an event; nothing of one that is not about a budget, or does not say enough. */
  static Optional<Alert> of(PipelineEvent event) {
    return switch (event.getType()) {
      case EventTypes.BUDGET_WARNING -> alert(event, AlertLevel.WARNING);
      case EventTypes.BUDGET_EXHAUSTED -> alert(event, AlertLevel.CRITICAL);
      default -> Optional.empty();
    };
  }

  /** The key of an alert's record: the rule and whom it is about. */
  static String keyOf(Alert alert) {
    return RULE + "|" + alert.getSubject();
  }

  private static Optional<Alert> alert(PipelineEvent event, AlertLevel level) {
    Map<String, String> told = event.getAttributes();
    Optional<Double> spent = number(told.get("spent_usd"));
    Optional<Double> limit = number(told.get("limit_usd"));
    if (spent.isEmpty() || limit.isEmpty()) {
      return Optional.empty();
    }
    String budget = told.getOrDefault("budget", "");
    String owner = told.getOrDefault("owner", "");
    String period = told.getOrDefault("period", "");
    String subject = "tenant=%s,%s=%s".formatted(event.getTenant(), budget, owner);
    return Optional.of(
        Alert.newBuilder()
            .setAlertId(RULE + "|" + subject + "|" + period)
            .setRule(RULE)
            .setSubject(subject)
            .setLevel(level)
            .setMetric(METRIC)
            .setValue(spent.get())
            .setThreshold(limit.get())
            .setAtMillis(event.getAtMillis())
            .setMessage(
                "%s of %s USD of the budget %s of '%s' in %s are spent%s"
                    .formatted(
                        told.get("spent_usd"),
                        told.get("limit_usd"),
                        budget,
                        owner,
                        period,
                        level == AlertLevel.CRITICAL ? "; a request was refused" : ""))
            .build());
  }

  private static Optional<Double> number(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
