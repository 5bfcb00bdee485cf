package io.millrace.launcher.batch;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/** One run's connection to a {@link FakeCluster}. */
class FakePipeline implements BatchPipeline {

  final FakeCluster cluster;

  /** How many requests finish, and how many results arrive, at each poll. */
  private final IntSupplier perPoll;

  private int position;
  private int catchUp;

  FakePipeline(FakeCluster cluster, IntSupplier perPoll) {
    this.cluster = cluster;
    this.perPoll = perPoll;
  }

  @Override
  public Optional<Checkpoint> saved() {
    return cluster.checkpoint;
  }

  @Override
  public void start(Place place) {
    catchUp = cluster.log.size();
    if (cluster.checkpoint.isEmpty()) {
      cluster.firstOffset = catchUp;
    }
    position = place == Place.SAVED ? cluster.savedOffset : cluster.firstOffset;
  }

  @Override
  public boolean caughtUp() {
    return position >= catchUp;
  }

  @Override
  public List<CompletionResult> poll(Duration atMost) {
    cluster.finish(perPoll.getAsInt());
    int end = Math.min(cluster.log.size(), position + perPoll.getAsInt());
    List<CompletionResult> results = new ArrayList<>();
    for (; position < end; position++) {
      results.add(cluster.result(position));
    }
    return results;
  }

  @Override
  public Optional<PipelineError> submit(String requestId, InputLine.Request line) {
    if (line.request().model().equals("refused")) {
      return Optional.of(ErrorCode.INVALID_REQUEST.error("the model is refused"));
    }
    cluster.accept(requestId);
    return Optional.empty();
  }

  @Override
  public void save(Checkpoint checkpoint) {
    cluster.savedOffset = position;
    cluster.checkpoint = Optional.of(checkpoint);
  }

  @Override
  public void close() {}
}
