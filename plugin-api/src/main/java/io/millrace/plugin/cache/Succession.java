package io.millrace.plugin.cache;

/**
 * How often one request followed upon another.
 *
 * @param seen how often this one followed, at least 1
 * @param total how often any followed, at least {@code seen}; older observations count less
 */
public record Succession(long seen, long total) {

  /** Checks the bounds. */
  public Succession {
    if (seen < 1 || total < seen) {
      throw new IllegalArgumentException(
          "seen is at least 1 and total at least that: " + seen + " of " + total);
    }
  }

  /** The share of this one, above 0 and at most 1. */
  public double confidence() {
    return (double) seen / total;
  }
}
