package io.millrace.stages.hooks.shed;

import io.millrace.stages.hooks.settings.Settings;
import java.time.Duration;
import java.util.Map;

/**
 * How the hook is configured.
 *
 * @param bounds where overload begins
 * @param thresholds when levels are entered and left
 * @param action what becomes of what is left out
 * @param retryAfter what refused callers are told, and about how long what is parked waits
 */
record ShedSettings(Bounds bounds, Thresholds thresholds, Action action, Duration retryAfter) {

  private static final Duration DEFAULT_QUEUE_DELAY = Duration.ofSeconds(2);
  private static final Duration DEFAULT_HOLD = Duration.ofSeconds(5);
  private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(5);
  private static final Duration MIN = Duration.ofMillis(1);
  private static final Duration MAX = Duration.ofHours(24);

  /** What becomes of what is left out. */
  enum Action {
    /** It is refused. */
    REFUSE,
    /** It waits, if its deadline lets it; else it is refused. */
    PARK
  }

  static ShedSettings of(Map<String, Object> config) {
    Settings settings =
        Settings.of(
            config,
            "max_queue_delay",
            "max_oldest",
            "max_open",
            "action",
            "levels",
            "resume_at",
            "hold",
            "retry_after");
    return new ShedSettings(
        bounds(settings),
        thresholds(settings),
        settings.oneOf("action", Action.REFUSE),
        settings.duration(
            "retry_after", DEFAULT_RETRY_AFTER, Duration.ofMillis(100), Duration.ofHours(1)));
  }

  private static Bounds bounds(Settings settings) {
    Bounds bounds =
        new Bounds(
            settings.duration("max_queue_delay", MIN, MAX),
            settings.duration("max_oldest", MIN, MAX),
            settings.integer("max_open", 1, 1_000_000_000));
    boolean none =
        bounds.maxQueueDelay() == null && bounds.maxOldest() == null && bounds.maxOpen() == null;
    return none ? new Bounds(DEFAULT_QUEUE_DELAY, null, null) : bounds;
  }

  private static Thresholds thresholds(Settings settings) {
    Settings levels = settings.section("levels", "background", "batch", "standard", "interactive");
    return new Thresholds(
        levels.number("background", 0.5, 0.01, 1_000),
        levels.number("batch", 1, 0.01, 1_000),
        levels.number("standard", 2, 0.01, 1_000),
        levels.number("interactive", 4, 0.01, 1_000),
        settings.number("resume_at", 0.7, 0.01, 1),
        settings.duration("hold", DEFAULT_HOLD, Duration.ZERO, Duration.ofHours(1)));
  }
}
