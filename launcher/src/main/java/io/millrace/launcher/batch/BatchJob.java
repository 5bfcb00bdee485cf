package io.millrace.launcher.batch;

import io.millrace.ingest.AdmissionLimits;
import io.millrace.launcher.batch.KafkaBatchPipeline.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A batch that is ready to run: the way in for everybody else. For one thread, once. */
public final class BatchJob {

  private final BatchPlan plan;
  private final BatchInput input;
  private final String tenant;

  private BatchJob(BatchPlan plan, BatchInput input, String tenant) {
    this.plan = plan;
    this.input = input;
    this.tenant = tenant;
  }

  /**
   * Checks what can be checked before anything is started.
   *
   * @param limits what the pipeline admits
   * @throws BatchException when the batch cannot run like this
   */
  public static BatchJob prepare(BatchSettings settings, AdmissionLimits limits) {
    BatchInput input = BatchInput.of(settings.input());
    try {
      BatchPlan plan = BatchPlan.of(settings, input, limits);
      ResultFiles.checkWritable(plan);
      String tenant = Objects.requireNonNullElse(settings.tenant(), limits.defaultTenant());
      return new BatchJob(plan, input, tenant);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Runs to the end, or until it is stopped.
   *
   * @param failure says why the pipeline is gone, when it runs in this process and is
   * @param stopRequested asked again and again whether to stop in an orderly way
   * @param progress where progress is shown; not closed
   * @throws BatchException when it cannot go on; running it again resumes
   */
  public BatchReport run(
      BatchCluster cluster,
      Supplier<Optional<Throwable>> failure,
      BooleanSupplier stopRequested,
      PrintStream progress) {
    Identity identity = new Identity(tenant, plan.name(), plan.timeout(), plan.noCache());
    try (BatchPipeline pipeline =
            KafkaBatchPipeline.open(identity, cluster, failure, InstantSource.system());
        Progress shown = progress(progress);
        InputStream lines = input.open()) {
      BatchOutcome outcome =
          new BatchRun(plan, pipeline, shown, stopRequested, System::nanoTime).run(lines);
      return new BatchReport(plan, outcome);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private Progress progress(PrintStream out) throws IOException {
    @Nullable Long totalLines = input.countLines(plan.maxLineBytes());
    return StandardError.isTerminal()
        ? new BarProgress(plan.name(), totalLines, out, System::nanoTime)
        : new LineProgress(plan.name(), totalLines, out, System::nanoTime);
  }

  private static BatchException unusable(IOException e) {
    return BatchException.stopped(
        "cannot read or write a file of the batch: "
            + e.getMessage()
            + "; put that right and run the same command again, it goes on where it stopped",
        e);
  }
}
