package io.millrace.plugin.tck;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Servers that behave and servers that do not. */
final class Scripts {

  static final String JSON = "Content-Type: application/json\r\n";
  private static final String EVENTS =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final int DRIP_MILLIS = 20;

  private Scripts() {}

  /** Answers in full, or streams where that is asked for. */
  static ScriptedServer answering(HttpDialogue dialogue) {
    return ScriptedServer.answering(
        (request, out) -> {
          if (wantsStream(request) && !dialogue.stream().isEmpty()) {
            beginStream(out);
            out.write(ScriptedServer.chunked(dialogue.stream()));
            out.write(ScriptedServer.chunked(""));
          } else {
            out.write(ScriptedServer.response(200, JSON, dialogue.reply()));
          }
        });
  }

  /** Streams these pieces, and then ends the body as it should. */
  static ScriptedServer streaming(List<String> pieces) {
    return ScriptedServer.answering(
        (request, out) -> {
          beginStream(out);
          for (String piece : pieces) {
            out.write(ScriptedServer.chunked(piece));
            out.flush();
          }
          out.write(ScriptedServer.chunked(""));
        });
  }

  /** Streams this and hangs up. */
  static ScriptedServer streamingThenHangingUp(String begun) {
    return ScriptedServer.answering(
        (request, out) -> {
          beginStream(out);
          out.write(ScriptedServer.chunked(begun));
          out.flush();
          throw new IOException("hang up");
        });
  }

  /** Streams this and then nothing, but comments that show that it is alive. */
  static ScriptedServer streamingThenIdling(String begun, CountDownLatch hungUp) {
    return ScriptedServer.answering(
        (request, out) -> {
          beginStream(out);
          out.write(ScriptedServer.chunked(begun));
          out.flush();
          try {
            while (!pause()) {
              out.write(ScriptedServer.chunked(": alive\n\n"));
              out.flush();
            }
          } finally {
            hungUp.countDown();
          }
        });
  }

  /** Says nothing. */
  static ScriptedServer silent() {
    CountDownLatch never = new CountDownLatch(1);
    return ScriptedServer.answering((request, out) -> never.await());
  }

  /** Stops half way. */
  static ScriptedServer stopping(String body) {
    CountDownLatch never = new CountDownLatch(1);
    return ScriptedServer.answering(
        (request, out) -> {
          byte[] whole = ScriptedServer.response(200, JSON, body);
          out.write(whole, 0, whole.length - body.length() / 2);
          out.flush();
          never.await();
        });
  }

  /** Sends a byte now and then. */
  static ScriptedServer dripping(String body) {
    return ScriptedServer.answering(
        (request, out) -> {
          for (byte next : ScriptedServer.response(200, JSON, body)) {
            out.write(next);
            out.flush();
            if (pause()) {
              return;
            }
          }
        });
  }

  /** Hang up at once, within the answer, and after something that is not HTTP. */
  static List<ScriptedServer> hangingUp(String body) {
    byte[] whole = ScriptedServer.response(200, JSON, body);
    return List.of(
        hangingUpAfter(new byte[0], 0),
        hangingUpAfter(whole, whole.length - 5),
        hangingUpAfter("SSH-2.0-OpenSSH\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 19));
  }

  private static ScriptedServer hangingUpAfter(byte[] bytes, int length) {
    return ScriptedServer.answering(
        (request, out) -> {
          out.write(bytes, 0, length);
          out.flush();
          throw new IOException("hang up");
        });
  }

  private static void beginStream(OutputStream out) throws IOException {
    out.write(EVENTS.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean wantsStream(ScriptedServer.Request request) {
    return request.body().replace(" ", "").contains("\"stream\":true");
  }

  private static boolean pause() throws InterruptedException {
    return new CountDownLatch(1).await(DRIP_MILLIS, TimeUnit.MILLISECONDS);
  }
}
