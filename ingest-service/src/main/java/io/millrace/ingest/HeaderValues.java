package io.millrace.ingest;

import io.millrace.schemas.avro.Lane;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the values that headers of HTTP calls and of records have in common. */
final class HeaderValues {

  private HeaderValues() {}

  /** A lane by its name in lower case. */
  static Lane lane(String header, String value) throws RefusedException {
    Optional<Lane> lane =
        Stream.of(Lane.values())
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(value))
            .findAny();
    return lane.orElseThrow(
        () ->
            RefusedException.invalid(
                "the header "
                    + header
                    + " is "
                    + Quoted.of(value)
                    + "; it must be interactive, standard or batch"));
  }

  /** A whole number of milliseconds. */
  static Duration millis(String header, String value) throws RefusedException {
    try {
      return Duration.ofMillis(Long.parseLong(value.strip()));
    } catch (NumberFormatException e) {
      throw RefusedException.invalid(
          "the header "
              + header
              + " is "
              + Quoted.of(value)
              + "; it must be a whole number of milliseconds");
    }
  }

  /** Pairs separated by commas. */
  static List<String> fallbacks(String value) {
    return Arrays.stream(value.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }
}
