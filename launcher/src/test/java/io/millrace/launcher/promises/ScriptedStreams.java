package io.millrace.launcher.promises;

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
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers with the question, a word to a piece. A question that begins with {@code break} breaks
 * off after the first piece, {@code refuse} fails before it, {@code whole} comes without pieces,
 * and {@code hold} waits after the first piece, {@code wait} before it. Thread-safe.
 */
final class ScriptedStreams implements Provider, ProviderFactory {

  static final String TYPE = "scripted";

  final AtomicInteger calls = new AtomicInteger();
  final Semaphore waiting = new Semaphore(0);
  final Semaphore goOn = new Semaphore(0);

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    return this;
  }

  @Override
  public ProviderReply complete(ProviderRequest request) {
    calls.incrementAndGet();
    return answer(request);
  }

  @Override
  public ProviderReply stream(ProviderRequest request, ChunkSink chunks)
      throws ChunkSink.StoppedException, InterruptedException {
    calls.incrementAndGet();
    String question = question(request);
    if (question.startsWith("refuse")) {
      return failure(FailureClass.REQUEST_REJECTED, ErrorCode.UPSTREAM_REJECTED);
    }
    if (question.startsWith("wait")) {
      waiting.release();
      goOn.acquire();
    }
    if (!question.startsWith("whole")) {
      for (String word : question.split("(?<= )")) {
        chunks.accept(chunk(request, word));
        if (question.startsWith("break")) {
          return failure(FailureClass.CONNECTION, ErrorCode.UPSTREAM_UNREACHABLE);
        }
        if (word.equals("hold ")) {
          goOn.acquire();
        }
      }
      chunks.accept(
          chunk(request, "").replace("\"finish_reason\":null", "\"finish_reason\":\"stop\""));
    }
    return answer(request);
  }

  private static ProviderReply answer(ProviderRequest request) {
    return new ProviderReply.Success(
        Completion.ofText("c-1", request.model(), 7, question(request), Usage.of(3, 4)), 200);
  }

  private static ProviderReply failure(FailureClass failure, ErrorCode code) {
    return new ProviderReply.Failure(failure, code.error("scripted " + code), null);
  }

  private static String question(ProviderRequest request) {
    return request.request().messages().getLast().text();
  }

  private static String chunk(ProviderRequest request, String word) {
    return """
    {"id":"c-1","object":"chat.completion.chunk","created":7,"model":"%s",\
    "choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":null}]}\
    """
        .formatted(request.model(), word);
  }
}
