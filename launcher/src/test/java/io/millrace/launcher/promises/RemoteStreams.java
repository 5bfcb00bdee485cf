package io.millrace.launcher.promises;

import io.millrace.launcher.kill.MillraceProcess;
import io.millrace.plugin.tck.ScriptedServer;
import io.millrace.schemas.kafka.KafkaConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * A server that streams {@code one two}, and hangs in the first answer to each question: after the
 * role alone, or after {@code one } where the question says so. Its worker is a process of its own,
 * to be killed. Thread-safe.
 */
final class RemoteStreams implements AutoCloseable {

  /** Hangs before anything is shown. */
  static final String HANG_BEFORE = "hang before it";

  /** Hangs after a word. */
  static final String HANG_WITHIN = "hang within it";

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String ROLE = event("{\"role\":\"assistant\",\"content\":\"\"}", "null");
  private static final String ONE = event("{\"content\":\"one \"}", "null");
  private static final String TWO = event("{\"content\":\"two\"}", "null");
  private static final String END = event("{}", "\"stop\"") + "data: [DONE]\n\n";

  /** Released when an answer hangs. */
  final Semaphore hanging = new Semaphore(0);

  private final CountDownLatch never = new CountDownLatch(1);
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final ScriptedServer server = ScriptedServer.answering(this::answer);

  private static String event(String delta, String end) {
    return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n"
        .formatted(delta, end);
  }

  /** The configuration of the provider. */
  String provider() {
    return "  remote: {type: openai, base_url: '%s', keys: [{value: k}]}\n"
        .formatted(server.baseUrl());
  }

  /** Starts a worker for this provider alone; does not wait until it is ready. */
  MillraceProcess startWorker(Path folder, KafkaConnection connection) throws IOException {
    Path file = folder.resolve("worker.yaml");
    Files.writeString(file, "profile: development\nproviders:\n" + provider());
    return MillraceProcess.start(
        "worker",
        folder,
        "256m",
        List.of(
            "run",
            "providers",
            "--config",
            file.toString(),
            "--data-dir",
            folder.resolve("worker-data").toString(),
            "--bootstrap-servers",
            connection.bootstrapServers(),
            "--schema-registry",
            connection.schemaRegistryUrl(),
            "--http-port",
            "0"));
  }

  private void answer(ScriptedServer.Request request, OutputStream out)
      throws IOException, InterruptedException {
    if (request.line().startsWith("GET")) { // a look at its health
      out.write(ScriptedServer.response(200, "", "{\"data\":[]}"));
      return;
    }
    boolean within = request.body().contains(HANG_WITHIN);
    out.write(HEAD.getBytes(StandardCharsets.US_ASCII));
    if (asked.add(within ? HANG_WITHIN : HANG_BEFORE)) {
      out.write(ScriptedServer.chunked(within ? ROLE + ONE : ROLE));
      out.flush();
      hanging.release();
      never.await();
    }
    out.write(ScriptedServer.chunked(ROLE + ONE));
    out.write(ScriptedServer.chunked(TWO + END));
    out.write(ScriptedServer.chunked(""));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
