package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.PipelineError;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streamed answers of workers, on a broker. */
class WorkerStreamsIT extends WorkersFixture {

  @Test
  void shouldPublishThePiecesOfAnAnswerBeforeTheAnswer() throws Exception {
    StreamingProvider provider = new StreamingProvider();
    try (ProviderWorkers workers = start(config(streaming()), provider)) {
      fixture.dispatch(fixture.streamed("r")).get();
      List<CompletionChunk> first = fixture.chunksUntil(read -> !read.isEmpty());
      assertThat(first).singleElement().extracting(CompletionChunk::getLast).isEqualTo(false);
      provider.goOn();
      List<CompletionChunk> all = fixture.chunksUntil(read -> read.size() >= 3);
      assertThat(all)
          .extracting(CompletionChunk::getJson)
          .containsExactly(StreamingProvider.FIRST, StreamingProvider.SECOND, null);
      assertThat(all).extracting(CompletionChunk::getSequence).containsExactly(0L, 1L, 2L);
      assertThat(all).extracting(CompletionChunk::getStream).containsOnly(first.get(0).getStream());
      assertThat(all.getLast().getLast()).isTrue();
      assertThat(all.getLast().getError()).isNull();
      assertThat(fixture.repliesUntil(read -> !read.isEmpty()).getFirst().getOutcome())
          .isInstanceOf(Completion.class);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldEndTheStreamAndTryNoFallbackWhenTheProviderBreaksOff() throws Exception {
    try (ProviderWorkers workers = start(config(streaming()), new StreamingProvider())) {
      fixture.dispatch(fixture.streamed("break")).get();
      List<CompletionChunk> all = fixture.chunksUntil(read -> read.size() >= 2);
      assertThat(all.getLast().getError().getCode()).isEqualTo("upstream_unreachable");
      assertThat(fixture.repliesUntil(read -> !read.isEmpty()).getFirst().getOutcome())
          .isInstanceOfSatisfying(
              PipelineError.class, error -> assertThat(error.getAllowFallbacks()).isFalse());
      assertThat(fixture.callsUntil(read -> !read.isEmpty())).hasSize(1);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldBeginAStreamAnewWhenAWorkerStopsInTheMiddle() throws Exception {
    StreamingProvider provider = new StreamingProvider();
    ProviderWorkersConfig hasty =
        config(streaming()).withGrace(Duration.ZERO, Duration.ofMillis(100));
    try (ProviderWorkers workers = start(hasty, provider)) {
      fixture.dispatch(fixture.streamed("r")).get();
      provider.awaitFirstPiece();
      assertThat(workers.failure()).isEmpty();
    }
    provider.goOn();
    try (ProviderWorkers workers = start(config(streaming()), provider)) {
      List<CompletionChunk> all = fixture.chunksUntil(read -> read.size() >= 5);
      assertThat(all).extracting(CompletionChunk::getSequence).containsExactly(0L, 1L, 0L, 1L, 2L);
      assertThat(all.get(1).getError().getCode()).isEqualTo("stream_interrupted");
      assertThat(all.get(2).getStream()).isNotEqualTo(all.get(1).getStream());
      assertThat(all.getLast().getError()).isNull();
      assertThat(fixture.repliesUntil(read -> !read.isEmpty())).hasSize(1);
      assertThat(workers.failure()).isEmpty();
    }
  }

  private static ProviderSetting streaming() {
    return ProviderSetting.of("streaming");
  }
}
