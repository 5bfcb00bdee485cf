package io.millrace.stages.hooks.budget;

import io.millrace.stages.hooks.quota.Dimension;
import io.millrace.stages.hooks.quota.Selector;
import io.millrace.stages.hooks.settings.Settings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final int MAX_AMOUNT_CHARACTERS = 256;

  private BudgetConfig() {}

  static BudgetSettings read(Map<String, Object> config) {
    Settings settings =
        Settings.of(
            config,
            "budgets",
            "default_max_tokens",
            "set_max_tokens",
            "image_tokens",
            "charge_unknown");
    List<Budget> budgets = new ArrayList<>();
    for (Settings section :
        settings.sections(
            "budgets", MAX_BUDGETS, "tenant", "team", "key", "period", "limit_usd", "warn_at")) {
      budgets.add(budget(section));
    }
    return new BudgetSettings(
        budgets,
        (int) settings.integer("default_max_tokens", DEFAULT_MAX_TOKENS, 1, MAX_TOKENS),
        settings.flag("set_max_tokens", false),
        settings.integer("image_tokens", DEFAULT_IMAGE_TOKENS, 0, MAX_TOKENS),
        settings.flag("charge_unknown", false));
  }

  private static Budget budget(Settings section) {
    Selector match = Selector.of(section, Set.copyOf(LEVELS));
    Dimension level =
        LEVELS.stream().filter(match.patterns()::containsKey).findFirst().orElse(Dimension.TENANT);
    Period period = section.requiredOneOf("period", Period.class);
    String right = "dollars, such as 12.50, at most 1000000000, with nine decimals at most";
    long limit =
        Optional.ofNullable(section.decimal("limit_usd", MAX_AMOUNT_CHARACTERS))
            .flatMap(Usd::parse)
            .orElseThrow(() -> section.wrong("limit_usd", right));
    double warnAt = section.number("warn_at", DEFAULT_WARN_AT, 0, 1);
    return new Budget(level, period, match, limit, part(limit, warnAt));
  }

  private static long part(long nanos, double share) {
    return BigDecimal.valueOf(nanos)
        .multiply(BigDecimal.valueOf(share))
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }
}
