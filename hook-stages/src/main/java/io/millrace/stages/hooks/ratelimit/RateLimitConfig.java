package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.Scope;
import io.millrace.stages.hooks.quota.Dimension;
import io.millrace.stages.hooks.quota.Selector;
import io.millrace.stages.hooks.settings.Settings;
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
  private static final int MAX_NAME_CHARACTERS = 256;

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
    Settings settings =
        Settings.of(
            config,
            "limits",
            "scope",
            "count_cached",
            "count_failed",
            "default_max_tokens",
            "background_reserve",
            "tokenizer");
    return new RateLimitSettings(
        limits(settings),
        settings.oneOf("scope", StateScope.TENANT) == StateScope.PROVIDER
            ? Scope.PROVIDER
            : Scope.TENANT,
        settings.flag("count_cached", false),
        settings.flag("count_failed", false),
        settings.integer("default_max_tokens", DEFAULT_MAX_TOKENS, 0, Rate.MAX_LIMIT),
        settings.number("background_reserve", DEFAULT_BACKGROUND_RESERVE, 0, 1),
        settings.oneOf("tokenizer", Tokenizer.O200K_BASE) == Tokenizer.O200K_BASE);
  }

  private static List<Limit> limits(Settings settings) {
    List<Limit> limits = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Settings section :
        settings.sections(
            "limits",
            MAX_LIMITS,
            "name",
            "by",
            "unit",
            "algorithm",
            "limit",
            "per",
            "burst",
            "match",
            "on_limit",
            "exceptions")) {
      Limit limit = limit(section);
      if (!names.add(limit.name())) {
        throw new IllegalArgumentException(
            section.at("name")
                + " must be unique; another limit is called '"
                + limit.name()
                + "' too");
      }
      limits.add(limit);
    }
    return limits;
  }

  private static Limit limit(Settings section) {
    List<Dimension> by = by(section);
    Unit unit = section.oneOf("unit", Unit.REQUESTS);
    Duration per =
        section.duration("per", Duration.ofMinutes(1), Duration.ofSeconds(1), Rate.MAX_PERIOD);
    Algorithm algorithm = section.oneOf("algorithm", Algorithm.TOKEN_BUCKET);
    if (section.has("burst") && algorithm != Algorithm.TOKEN_BUCKET) {
      throw section.wrong("burst", "left out, for only a token_bucket has one");
    }
    return new Limit(
        name(section, by, unit, per),
        by,
        unit,
        algorithm,
        rate(section, per),
        match(section),
        section.oneOf("on_limit", OnLimit.REJECT),
        exceptions(section, per));
  }

  private static List<Dimension> by(Settings section) {
    List<Dimension> by = new ArrayList<>();
    for (String name : section.texts("by", EVERY.size(), MAX_NAME_CHARACTERS)) {
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
    String given = section.text("name", MAX_NAME_CHARACTERS);
    String name =
        given != null
            ? given
            : String.join("-", by.stream().map(Dimension::configName).toList())
                + (by.isEmpty() ? "" : "-")
                + unit.configName()
                + "-per-"
                + per.toString().substring(2).toLowerCase(Locale.ROOT).replace('.', '-');
    if (!NAME.matcher(name).matches()) {
      throw section.wrong("name", "1 to 64 lower case letters, digits and hyphens, a letter first");
    }
    return name;
  }

  private static List<Limit.RateException> exceptions(Settings section, Duration per) {
    List<Limit.RateException> exceptions = new ArrayList<>();
    for (Settings exception :
        section.sections("exceptions", MAX_EXCEPTIONS, "match", "limit", "burst")) {
      exceptions.add(new Limit.RateException(match(exception), rate(exception, per)));
    }
    return exceptions;
  }

  private static Rate rate(Settings section, Duration per) {
    long limit = section.requiredInteger("limit", 1, Rate.MAX_LIMIT);
    return new Rate(limit, per.toMillis(), section.integer("burst", limit, 1, Rate.MAX_LIMIT));
  }

  private static Selector match(Settings section) {
    String[] names = EVERY.stream().map(Dimension::configName).toArray(String[]::new);
    return Selector.of(section.section("match", names), EVERY);
  }
}
