package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every provider that streams over HTTP keeps to, besides {@link HttpProviderTck}. */
public abstract class HttpStreamTck extends HttpProviderTck {

  private static final int PATIENCE_SECONDS = 20;
  private static final int CUTS = 20;

  /** For subclasses. */
  protected HttpStreamTck() {}

  @Test
  void shouldAnswerTheSameWithAndWithoutAStream() throws Exception {
    try (ScriptedServer server = Scripts.answering(dialogue());
        Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
      CollectedChunks chunks = new CollectedChunks();
      Completion streamed = completion(provider.stream(request("1", LONG), chunks));
      Completion whole = completion(provider.complete(request("1", LONG)));
      assertEquals(whole.text(), streamed.text());
      assertEquals(whole.usage(), streamed.usage());
      assertEquals(whole.model(), streamed.model());
      assertEquals(
          whole.choices().getFirst().finishReason(), streamed.choices().getFirst().finishReason());
      assertEquals(dialogue().text(), chunks.text());
      assertFalse(chunks.json().isEmpty(), "chunks are handed on");
      chunks.assertWellFormed();
    }
  }

  @Test
  void shouldReadAStreamHoweverItIsCut() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < CUTS; i++) {
      String stream = i % 2 == 0 ? dialogue().stream() : dialogue().stream().replace("\n", "\r\n");
      try (ScriptedServer server = Scripts.streaming(cut(stream, random));
          Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
        Completion streamed =
            completion(provider.stream(request("1", LONG), new CollectedChunks()));
        assertEquals(dialogue().text(), streamed.text(), "seed " + seed);
      }
    }
  }

  @Test
  void shouldFailBeforeAnyChunkWhenTheStreamBeginsWithAnError() throws Exception {
    try (ScriptedServer server = Scripts.streaming(List.of(dialogue().streamError()));
        Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
      CollectedChunks chunks = new CollectedChunks();
      ProviderReply reply = provider.stream(request("1", LONG), chunks);
      assertEquals(FailureClass.SERVER_ERROR, failure(reply).failure());
      assertEquals(List.of(), chunks.json(), "no chunk before the error");
    }
  }

  @Test
  void shouldFailWhenTheServerGivesUpWithinTheStream() throws Exception {
    List<String> pieces = List.of(dialogue().cutStream(), dialogue().streamError());
    try (ScriptedServer server = Scripts.streaming(pieces)) {
      assertEquals(FailureClass.SERVER_ERROR, failedStream(server).failure());
    }
  }

  @Test
  void shouldFailWhenTheStreamBreaksOff() throws Exception {
    try (ScriptedServer server = Scripts.streamingThenHangingUp(dialogue().cutStream())) {
      assertEquals(FailureClass.CONNECTION, failedStream(server).failure());
    }
  }

  @Test
  void shouldFailWhenTheStreamEndsBeforeItsAnswer() throws Exception {
    try (ScriptedServer server = Scripts.streaming(List.of(dialogue().cutStream()))) {
      assertEquals(FailureClass.CONNECTION, failedStream(server).failure());
    }
    try (ScriptedServer server = Scripts.streaming(List.of(": nothing\n\n"))) {
      assertEquals(FailureClass.CONNECTION, failedStream(server).failure());
    }
  }

  @Test
  void shouldFailWhenAnEventIsMalformedOrTooLong() throws Exception {
    for (String bad : List.of("data: {\"a\n\n", "data: " + "x".repeat(100_000) + "\n\n")) {
      try (ScriptedServer server = Scripts.streaming(List.of(bad));
          Provider provider = provider(server.baseUrl(), HttpLimits.WIDE.withMaxBytes(50_000))) {
        ProviderReply reply = provider.stream(request("1", LONG), new CollectedChunks());
        assertEquals(FailureClass.INVALID_RESPONSE, failure(reply).failure());
      }
    }
  }

  @Test
  void shouldTimeOutWhenTheStreamFallsSilent() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    try (ScriptedServer server = Scripts.streamingThenIdling(dialogue().cutStream(), hungUp);
        Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
      ProviderReply reply =
          provider.stream(request("1", Duration.ofSeconds(1)), new CollectedChunks());
      assertEquals(FailureClass.TIMEOUT, failure(reply).failure());
      assertHungUp(hungUp);
    }
  }

  @Test
  void shouldHangUpWhenTheStreamIsStopped() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    try (ScriptedServer server = Scripts.streamingThenIdling(dialogue().cutStream(), hungUp);
        Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
      assertThrows(
          ChunkSink.StoppedException.class,
          () ->
              provider.stream(
                  request("1", LONG),
                  json -> {
                    throw new ChunkSink.StoppedException(ErrorCode.CANCELLED.error("enough"));
                  }));
      assertHungUp(hungUp);
    }
  }

  @Test
  void shouldHangUpWhenInterruptedWithinTheStream() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    try (ScriptedServer server = Scripts.streamingThenIdling(dialogue().cutStream(), hungUp);
        Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
      Interruption.assertPrompt(
          server, () -> provider.stream(request("1", LONG), new CollectedChunks()));
      assertHungUp(hungUp);
    }
  }

  @Test
  void shouldUseConnectionsAgainAfterAStream() throws Exception {
    try (ScriptedServer server = Scripts.answering(dialogue());
        Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
      for (int i = 0; i < 5; i++) {
        completion(provider.stream(request("1", LONG), new CollectedChunks()));
      }
      assertEquals(1, server.connections(), "connections");
    }
  }

  @Test
  void shouldTakeAWholeAnswerForAStream() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, Scripts.JSON, dialogue().reply());
        Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
      CollectedChunks chunks = new CollectedChunks();
      Completion whole = completion(provider.stream(request("1", LONG), chunks));
      assertEquals(dialogue().text(), whole.text());
    }
  }

  private ProviderReply.Failure failedStream(ScriptedServer server) throws Exception {
    try (Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
      return failure(provider.stream(request("1", LONG), new CollectedChunks()));
    }
  }

  private static Completion completion(ProviderReply reply) {
    return assertInstanceOf(ProviderReply.Success.class, checked(reply)).completion();
  }

  private static void assertHungUp(CountDownLatch hungUp) throws InterruptedException {
    assertTrue(hungUp.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "the connection must be closed");
  }

  private static List<String> cut(String stream, Random random) {
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < stream.length(); ) {
      int to = Math.min(stream.length(), from + 1 + random.nextInt(40));
      pieces.add(stream.substring(from, to));
      from = to;
    }
    return pieces;
  }
}
