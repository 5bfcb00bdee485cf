package io.millrace.launcher.batch;

import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a batch needs of the pipeline: a way in, its results from where it left off, and a place to
 * note where that is. Every method throws {@link BatchException} when the pipeline cannot be
 * reached any more. Not thread-safe.
 */
interface BatchPipeline extends AutoCloseable {

  /** Where to read results from. */
  enum Place {
    /** From where the batch first ran; from now when it never did. */
    FIRST,
    /** From where the place was last saved. */
    SAVED
  }

  /** What was noted when the place was last saved; empty when this batch never ran here. */
  Optional<Checkpoint> saved();

  /** Starts reading results; must come before the methods below. */
  void start(Place place);

  /** Whether every result that was there at the start has been polled. */
  boolean caughtUp();

  /**
   * Results of this batch, the next ones in order; the same result may come again in another run.
   *
   * @param atMost how long to wait when there is none yet
   */
  List<CompletionResult> poll(Duration atMost);

  /**
   * Sends a request. Sending one again whose result is there or under way has no effect.
   *
   * @return why it may not enter the pipeline; empty when it was sent
   */
  Optional<PipelineError> submit(String requestId, InputLine.Request line);

  /** Saves the place behind everything polled, with a note of what the result files hold. */
  void save(Checkpoint checkpoint);

  @Override
  void close();
}
