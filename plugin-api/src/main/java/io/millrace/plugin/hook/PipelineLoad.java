package io.millrace.plugin.hook;

import java.time.Duration;

/**
 * How busy the home stage of this process is. Figures are a second old at most. Thread-safe; never
 * waits.
 */
public interface PipelineLoad {

  /** Nothing to do. */
  PipelineLoad IDLE =
      new PipelineLoad() {
        @Override
        public Duration queueDelay() {
          return Duration.ZERO;
        }

        @Override
        public long openExchanges() {
          return 0;
        }

        @Override
        public Duration oldestOpen() {
          return Duration.ZERO;
        }
      };

  /**
   * How long the latest requests waited on the topic between their acceptance and the home stage.
   */
  Duration queueDelay();

  /**
   * How many exchanges are under way: accepted by the home stage, without a result, and not waiting
   * at a hook. What hooks put off is no sign of too much to do.
   */
  long openExchanges();

  /** How long ago the oldest of those was accepted; zero where there is none. */
  Duration oldestOpen();
}
