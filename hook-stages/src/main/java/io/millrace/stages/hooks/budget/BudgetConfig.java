package io.millrace.stages.hooks.budget;

import io.millrace.stages.hooks.quota.Dimension;
import io.millrace.stages.hooks.quota.Selector;
import io.millrace.stages.hooks.quota.Settings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the hook's configuration. */
final class BudgetConfig {

  static final int MAX_BUDGETS = 1_000;
  static final int DEFAULT_MAX_TOKENS = 4_096;
  static final long DEFAULT_IMAGE_TOKENS = 4_096;
  static final double DEFAULT_WARN_AT = 0.8;

  /** From the smallest to the largest: a budget is of the smallest it names. */
  static final List<Dimension> LEVELS = List.of(Dimension.KEY, Dimension.TEAM, Dimension.TENANT);

  private static final long MAX_TOKENS = 100_000_000;
  private static final Set<String> KEYS =
      Set.of("budgets", "default_max_tokens", "set_max_tokens", "image_tokens", "charge_unknown");
  private static final Set<String> BUDGET_KEYS =
      Set.of("tenant", "team", "key", "period", "limit_usd", "warn_at");

  private BudgetConfig() {}

  static BudgetSettings read(Map<String, Object> config) {
    Settings settings = Settings.of(config).onlyKeys(KEYS);
    List<Budget> budgets = new ArrayList<>();
    for (Settings section : settings.list("budgets", MAX_BUDGETS)) {
      budgets.add(budget(section.onlyKeys(BUDGET_KEYS)));
    }
    return new BudgetSettings(
        budgets,
        settings
            .number("default_max_tokens", 1, MAX_TOKENS)
            .map(Math::toIntExact)
            .orElse(DEFAULT_MAX_TOKENS),
        settings.flag("set_max_tokens", false),
        settings.number("image_tokens", 0, MAX_TOKENS).orElse(DEFAULT_IMAGE_TOKENS),
        settings.flag("charge_unknown", false));
  }

  private static Budget budget(Settings section) {
    Selector match = Selector.of(section, Set.copyOf(LEVELS));
    Dimension level =
        LEVELS.stream().filter(match.patterns()::containsKey).findFirst().orElse(Dimension.TENANT);
    Period period =
        section
            .choice("period", Period.class)
            .orElseThrow(() -> section.wrong("period", "day, month or total"));
    String right = "dollars as text, such as \"12.50\", at most 1000000000";
    long limit =
        section
            .text("limit_usd")
            .flatMap(Usd::parse)
            .orElseThrow(() -> section.wrong("limit_usd", right));
    double warnAt = section.share("warn_at", DEFAULT_WARN_AT);
    return new Budget(level, period, match, limit, part(limit, warnAt));
  }

  private static long part(long nanos, double share) {
    return BigDecimal.valueOf(nanos)
        .multiply(BigDecimal.valueOf(share))
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }
}
