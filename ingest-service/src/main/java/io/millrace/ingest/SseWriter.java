package io.millrace.ingest;

import io.javalin.http.Context;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.openai.ChatCompletions;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/**
 * Writes server-sent events, each at once. The status and headers go out with the first one. Blocks
 * while the reader takes nothing, for as long as one write may take. For one thread.
 */
final class SseWriter implements AutoCloseable {

  private static final byte[] KEEP_ALIVE = bytes(": keep-alive\n\n");
  private static final byte[] DONE = bytes("data: [DONE]\n\n");

  private final Context call;
  private final EndPoint connection;
  private final long idleTimeoutMillis;
  private boolean begun;

  /**
   * A writer; nothing is written yet.
   *
   * @param writeTimeout how long one write may take; then the connection is closed
   */
  SseWriter(Context call, Duration writeTimeout) {
    this.call = call;
    this.connection =
        ServletContextRequest.getServletContextRequest(call.req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    this.idleTimeoutMillis = connection.getIdleTimeout();
    connection.setIdleTimeout(writeTimeout.toMillis());
  }

  /** Whether the status is out: 200. */
  boolean begun() {
    return begun;
  }

  /** A piece of an answer. */
  void piece(String json) throws IOException {
    write(bytes(data(json)));
  }

  /** JSON has line breaks between its tokens only; here they would end the field. */
  private static String data(String json) {
    return "data: " + json.replace('\n', ' ').replace('\r', ' ') + "\n\n";
  }

  /**
   * A named event.
   *
   * @param id what the reader sends back to go on behind it; empty for none
   */
  void event(String name, String id, String json) throws IOException {
    String place = id.isEmpty() ? "" : "id: " + id + "\n";
    write(bytes(place + "event: " + name + "\n" + data(json)));
  }

  /** The end of a whole answer. */
  void done() throws IOException {
    write(DONE);
  }

  /** An error; nothing follows. */
  void error(PipelineError error) throws IOException {
    write(bytes("data: " + ChatCompletions.writeError(error) + "\n\n"));
  }

  /** Says something that readers pass over. */
  void comment(String text) throws IOException {
    write(bytes(": " + text + "\n\n"));
  }

  /** Says that the stream goes on. */
  void keepAlive() throws IOException {
    write(KEEP_ALIVE);
  }

  private void write(byte[] event) throws IOException {
    if (!begun) {
      begun = true;
      call.status(200)
          .contentType("text/event-stream")
          .header("Cache-Control", "no-cache")
          .header("X-Accel-Buffering", "no"); // proxies of the nginx kind would collect events
    }
    ServletOutputStream out = call.res().getOutputStream();
    out.write(event);
    out.flush();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The connection may be used for further calls. */
  @Override
  public void close() {
    connection.setIdleTimeout(idleTimeoutMillis);
  }
}
