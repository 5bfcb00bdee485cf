package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.Scope;
import io.millrace.stages.hooks.quota.Dimension;
import io.millrace.stages.hooks.quota.Selector;
import io.millrace.stages.hooks.quota.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the hook's configuration. */
final class RateLimitConfig {

  static final int MAX_LIMITS = 16;
  static final int MAX_EXCEPTIONS = 100;
  static final long DEFAULT_MAX_TOKENS = 512;
  static final double DEFAULT_BACKGROUND_RESERVE = 0.2;

  private static final Set<Dimension> EVERY = EnumSet.allOf(Dimension.class);
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Set<String> KEYS =
      Set.of(
          "limits",
          "scope",
          "count_cached",
          "count_failed",
          "default_max_tokens",
          "background_reserve",
          "tokenizer");
  private static final Set<String> LIMIT_KEYS =
      Set.of(
          "name",
          "by",
          "unit",
          "algorithm",
          "limit",
          "per",
          "burst",
          "match",
          "on_limit",
          "exceptions");

  private RateLimitConfig() {}

  private enum Tokenizer {
    O200K_BASE,
    NONE
  }

  private enum StateScope {
    TENANT,
    PROVIDER
  }

  static RateLimitSettings read(Map<String, Object> config) {
    Settings settings = Settings.of(config).onlyKeys(KEYS);
    List<Limit> limits = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Settings section : settings.list("limits", MAX_LIMITS)) {
      Limit limit = limit(section.onlyKeys(LIMIT_KEYS));
      if (!names.add(limit.name())) {
        throw section.wrong("name", "unique; another limit is called '" + limit.name() + "' too");
      }
      limits.add(limit);
    }
    StateScope scope = settings.choice("scope", StateScope.class).orElse(StateScope.TENANT);
    return new RateLimitSettings(
        limits,
        scope == StateScope.PROVIDER ? Scope.PROVIDER : Scope.TENANT,
        settings.flag("count_cached", false),
        settings.flag("count_failed", false),
        settings.number("default_max_tokens", 0, Rate.MAX_LIMIT).orElse(DEFAULT_MAX_TOKENS),
        settings.share("background_reserve", DEFAULT_BACKGROUND_RESERVE),
        settings.choice("tokenizer", Tokenizer.class).orElse(Tokenizer.O200K_BASE)
            == Tokenizer.O200K_BASE);
  }

  private static Limit limit(Settings section) {
    List<Dimension> by = by(section);
    Unit unit = section.choice("unit", Unit.class).orElse(Unit.REQUESTS);
    Duration per =
        section
            .duration("per", Duration.ofSeconds(1), Rate.MAX_PERIOD)
            .orElse(Duration.ofMinutes(1));
    long amount =
        section
            .number("limit", 1, Rate.MAX_LIMIT)
            .orElseThrow(() -> section.wrong("limit", "a whole number, at least 1"));
    long burst = section.number("burst", 1, Rate.MAX_LIMIT).orElse(amount);
    Algorithm algorithm =
        section.choice("algorithm", Algorithm.class).orElse(Algorithm.TOKEN_BUCKET);
    if (section.has("burst") && algorithm != Algorithm.TOKEN_BUCKET) {
      throw section.wrong("burst", "left out: only a token_bucket has one");
    }
    return new Limit(
        name(section, by, unit, per),
        by,
        unit,
        algorithm,
        new Rate(amount, per.toMillis(), burst),
        Selector.of(selector(section, "match"), EVERY),
        section.choice("on_limit", OnLimit.class).orElse(OnLimit.REJECT),
        exceptions(section, per));
  }

  private static List<Dimension> by(Settings section) {
    List<Dimension> by = new ArrayList<>();
    for (String name : section.texts("by", Dimension.values().length)) {
      Dimension dimension =
          EVERY.stream()
              .filter(candidate -> candidate.configName().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      section.wrong(
                          "by", "a list of " + EVERY.stream().map(Dimension::configName).toList()));
      if (by.contains(dimension)) {
        throw section.wrong("by", "a list without repetition");
      }
      by.add(dimension);
    }
    return by;
  }

  /** The name makes the key of the state, so one made up here must not depend on the order. */
  private static String name(Settings section, List<Dimension> by, Unit unit, Duration per) {
    String name =
        section
            .text("name")
            .orElseGet(
                () ->
                    String.join("-", by.stream().map(Dimension::configName).toList())
                        + (by.isEmpty() ? "" : "-")
                        + unit.configName()
                        + "-per-"
                        + per.toString().substring(2).toLowerCase(Locale.ROOT).replace('.', '-'));
    if (!NAME.matcher(name).matches()) {
      throw section.wrong("name", "1 to 64 lower case letters, digits and hyphens, a letter first");
    }
    return name;
  }

  private static List<Limit.RateException> exceptions(Settings section, Duration per) {
    List<Limit.RateException> exceptions = new ArrayList<>();
    for (Settings exception : section.list("exceptions", MAX_EXCEPTIONS)) {
      exception.onlyKeys(Set.of("match", "limit", "burst"));
      long limit =
          exception
              .number("limit", 1, Rate.MAX_LIMIT)
              .orElseThrow(() -> exception.wrong("limit", "a whole number, at least 1"));
      long burst = exception.number("burst", 1, Rate.MAX_LIMIT).orElse(limit);
      exceptions.add(
          new Limit.RateException(
              Selector.of(selector(exception, "match"), EVERY),
              new Rate(limit, per.toMillis(), burst)));
    }
    return exceptions;
  }

  private static Settings selector(Settings section, String key) {
    return section
        .section(key)
        .onlyKeys(Set.copyOf(EVERY.stream().map(Dimension::configName).toList()));
  }
}
