package io.millrace.stages.hooks.cache;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.stages.hooks.settings.DurationText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a request says about the cache, by the hints {@code cache} and {@code cache-ttl}. */
sealed interface Wish {

  String CACHE = "cache";
  String TTL = "cache-ttl";

  /** Neither read nor store. */
  record Bypass() implements Wish {}

  /**
   * Store, and read unless a fresh answer is wanted.
   *
   * @param fresh whether the answer must be new
   * @param ttl how long the answer may be kept, or null to leave it to the cache
   */
  record Use(boolean fresh, @Nullable Duration ttl) implements Wish {}

  /**
   * It cannot be understood.
   *
   * @param message what is wrong and what would be right
   */
  record Unclear(String message) implements Wish {}

  /** Reads the hints; a longer life than the cache allows is cut to that. */
  static Wish of(RequestContext context, Duration maxTtl) {
    Duration ttl = null;
    String wanted = context.hint(TTL).orElse(null);
    if (wanted != null) {
      Duration asked = DurationText.parse(wanted.strip());
      if (asked == null || asked.compareTo(DurationText.MIN) < 0) {
        return new Unclear(
            "the hint %s must be %s, above zero, is '%s'"
                .formatted(TTL, DurationText.RIGHT, wanted));
      }
      ttl = asked.compareTo(maxTtl) < 0 ? asked : maxTtl;
    }
    String cache = context.hint(CACHE).orElse("use");
    return switch (cache) {
      case "use" -> new Use(false, ttl);
      case "refresh" -> new Use(true, ttl);
      case "bypass" -> new Bypass();
      default ->
          new Unclear("the hint " + CACHE + " must be use, refresh or bypass, is '" + cache + "'");
    };
  }
}
