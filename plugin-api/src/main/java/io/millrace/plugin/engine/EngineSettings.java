package io.millrace.plugin.engine;

/**
 * What an engine is started with.
 *
 * @param threads how many threads it may use for one call, at least 1
 */
public record EngineSettings(int threads) {

  /** Checks. */
  public EngineSettings {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, is " + threads);
    }
  }
}
