package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Gives up calls that are under way. */
final class Interruption {

  private static final int PATIENCE_SECONDS = 20;
  private static final int POLL_MILLIS = 5;

  private Interruption() {}

  /** Fails unless the call ends with an {@code InterruptedException} soon after the interrupt. */
  static void assertPrompt(ScriptedServer server, Callable<?> call) throws Exception {
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    outcome.complete("returned " + call.call());
                  } catch (Exception e) {
                    outcome.complete(e);
                  }
                });
    awaitRequest(server);
    caller.interrupt();
    Object ended = outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertInstanceOf(InterruptedException.class, ended, "an interrupt must end the call");
  }

  /** Waits until the server has been asked. */
  static void awaitRequest(ScriptedServer server) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (server.requests().isEmpty()) {
      assertTrue(System.nanoTime() < end, "the server was never asked");
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }
}
