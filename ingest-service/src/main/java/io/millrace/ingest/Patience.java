package io.millrace.ingest;

import io.millrace.schemas.registry.SchemaRegistryException;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a step of a processor while the schema registry cannot be reached, or the keys are not
 * read yet: an outage must not turn good records into dead letters.
 *
 * <p>The registry's client tries several times itself, so all in all this takes some twenty
 * seconds. When it was in vain the stream thread dies, is replaced, and processes the record again,
 * as often as it takes: at this pace replacing it never looks like an application that cannot run.
 */
final class Patience {

  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final int MAX_TRIES = 7;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(4);

  private final Sleeper sleeper;

  /** Patience that waits for real. */
  Patience() {
    this(Thread::sleep);
  }

  Patience(Sleeper sleeper) {
    this.sleeper = sleeper;
  }

  /** Waits. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  /**
   * What the step returns, sooner or later.
   *
   * @throws org.apache.kafka.common.KafkaException when all tries were in vain
   */
  <T> T with(Supplier<T> step) {
    Duration pause = FIRST_PAUSE;
    for (int tries = 1; ; tries++) {
      try {
        return step.get();
      } catch (SchemaRegistryException | KeysNotReadException e) {
        if (tries == MAX_TRIES) {
          throw e;
        }
        LOG.warn("waiting {} ms: {}", pause.toMillis(), e.getMessage());
      }
      pause(pause);
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(MAX_PAUSE) < 0 ? longer : MAX_PAUSE;
    }
  }

  private void pause(Duration pause) {
    try {
      sleeper.sleep(pause);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
