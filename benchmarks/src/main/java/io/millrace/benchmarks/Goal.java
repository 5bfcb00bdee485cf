package io.millrace.benchmarks;

/**
 * What a figure should reach.
 *
 * @param direction which side of the bound is good
 * @param bound in the figure's unit
 */
record Goal(Direction direction, double bound) {

  /** Which side of the bound is good. */
  enum Direction {
    AT_LEAST("≥"),
    AT_MOST("≤");

    private final String sign;

    Direction(String sign) {
      this.sign = sign;
    }
  }

  static Goal atLeast(double bound) {
    return new Goal(Direction.AT_LEAST, bound);
  }

  static Goal atMost(double bound) {
    return new Goal(Direction.AT_MOST, bound);
  }

  boolean reachedBy(double value) {
    return switch (direction) {
      case AT_LEAST -> value >= bound;
      case AT_MOST -> value <= bound;
    };
  }

  @Override
  public String toString() {
    return direction.sign + " " + Figure.text(bound);
  }
}
