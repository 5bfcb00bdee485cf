package io.millrace.stages.hooks.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/** How long a budget is for. Days and months are those of UTC. */
enum Period {
  /** A day. */
  DAY,
  /** A calendar month. */
  MONTH,
  /** For ever. */
  TOTAL;

  /** The name in configurations: lower case. */
  String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The period's own name at a time; sorts by time. */
  String idAt(Instant now) {
    return switch (this) {
      case DAY -> dayOf(now).toString();
      case MONTH -> YearMonth.from(dayOf(now)).toString();
      case TOTAL -> "total";
    };
  }

  /** The name of the period before; what is older than that nobody settles any more. */
  String idBefore(Instant now) {
    return switch (this) {
      case DAY -> dayOf(now).minusDays(1).toString();
      case MONTH -> YearMonth.from(dayOf(now)).minusMonths(1).toString();
      case TOTAL -> "total";
    };
  }

  /** How long the period goes on; empty where it does not end. */
  Optional<Duration> leftAt(Instant now) {
    Optional<LocalDate> next =
        switch (this) {
          case DAY -> Optional.of(dayOf(now).plusDays(1));
          case MONTH -> Optional.of(YearMonth.from(dayOf(now)).plusMonths(1).atDay(1));
          case TOTAL -> Optional.empty();
        };
    return next.map(day -> Duration.between(now, day.atStartOfDay(ZoneOffset.UTC).toInstant()));
  }

  private static LocalDate dayOf(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }
}
