package io.millrace.workers;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Streams two pieces, then the rest once it is let go on; or fails between them. Calls whose
 * question says whole are answered without pieces. Thread-safe.
 */
final class StreamingProvider implements Provider, ProviderFactory {

  static final String FIRST = chunk("one ");
  static final String SECOND = chunk("two");

  private final CountDownLatch between = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  private static String chunk(String text) {
    return "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}";
  }

  @Override
  public String type() {
    return "streaming";
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    return this;
  }

  @Override
  public ProviderReply complete(ProviderRequest request) {
    return new ProviderReply.Success(
        Completion.ofText("c", request.model(), 0, "one two", Usage.of(1, 2)), 200);
  }

  @Override
  public ProviderReply stream(ProviderRequest request, ChunkSink chunks)
      throws ChunkSink.StoppedException, InterruptedException {
    String question = request.request().messages().getLast().text();
    if (question.contains("whole")) {
      return complete(request);
    }
    chunks.accept(FIRST);
    if (question.contains("break")) {
      return new ProviderReply.Failure(
          FailureClass.CONNECTION, ErrorCode.UPSTREAM_UNREACHABLE.error("it broke off"), null);
    }
    between.countDown();
    goOn.await();
    chunks.accept(SECOND);
    return complete(request);
  }

  /** Waits until a call is between its pieces. */
  void awaitFirstPiece() throws InterruptedException {
    between.await();
  }

  void goOn() {
    goOn.countDown();
  }
}
