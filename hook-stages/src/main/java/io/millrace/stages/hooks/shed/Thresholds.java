package io.millrace.stages.hooks.shed;

import java.time.Duration;

/**
 * When a level is entered and left.
 *
 * @param background pressure that {@link Level#BACKGROUND} begins at
 * @param batch pressure that {@link Level#BATCH} begins at, at least {@code background}
 * @param standard pressure that {@link Level#STANDARD} begins at, at least {@code batch}
 * @param interactive pressure that {@link Level#INTERACTIVE} begins at, at least {@code standard}
 * @param resumeAt a level is left below its threshold times this, above 0 and at most 1
 * @param hold how long the pressure must have been that low
 */
record Thresholds(
    double background,
    double batch,
    double standard,
    double interactive,
    double resumeAt,
    Duration hold) {

  Thresholds {
    if (!(background <= batch && batch <= standard && standard <= interactive)) {
      throw new IllegalArgumentException(
          "levels must rise: background <= batch <= standard <= interactive, not %s, %s, %s, %s"
              .formatted(background, batch, standard, interactive));
    }
  }

  /** The highest level that a pressure reaches. */
  Level reached(double pressure) {
    Level level = Level.NONE;
    while (level != Level.INTERACTIVE && pressure >= begin(level.above())) {
      level = level.above();
    }
    return level;
  }

  /** The highest level that a pressure does not let go. */
  Level held(double pressure) {
    return reached(pressure / resumeAt);
  }

  private double begin(Level level) {
    return switch (level) {
      case NONE -> 0;
      case BACKGROUND -> background;
      case BATCH -> batch;
      case STANDARD -> standard;
      case INTERACTIVE -> interactive;
    };
  }
}
