package io.millrace.plugin.tck;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on loopback that answers with whatever bytes a test wants, or hangs up, or drips.
 */
public final class ScriptedServer implements AutoCloseable {

  private final ServerSocket listener;
  private final Answer answer;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  private ScriptedServer(ServerSocket listener, Answer answer) {
    this.listener = listener;
    this.answer = answer;
    threads.execute(this::accept);
  }

  /** A server that answers every request like this. */
  public static ScriptedServer answering(Answer answer) {
    try {
      return answering(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server that answers every request like this, on a socket of the test's own. */
  public static ScriptedServer answering(ServerSocket listener, Answer answer) {
    return new ScriptedServer(listener, answer);
  }

  /** A server that answers every request with a status, headers and a body. */
  public static ScriptedServer answering(int status, String headers, String body) {
    return answering((request, out) -> out.write(response(status, headers, body)));
  }

  /** A whole response; each header ends with a line break. */
  public static byte[] response(int status, String headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %d Whatever\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(status, headers, bytes.length);
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  /** A piece of a body of unknown length; an empty one is the last. */
  public static byte[] chunked(String piece) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    byte[] head = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head);
    out.writeBytes(bytes);
    out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  /** Where it listens, with {@code /v1} to its end. */
  public String baseUrl() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
  }

  /** What has come in so far; a live view. */
  public List<Request> requests() {
    return requests;
  }

  /** How many connections were made. */
  public int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
    threads.close();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      for (Request next = read(in); next != null; next = read(in)) {
        requests.add(next);
        answer.write(next, socket.getOutputStream());
        socket.getOutputStream().flush();
      }
    } catch (IOException | InterruptedException e) {
      // the client went away, the script hung up or the test is over
    }
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    String requestLine = line(in);
    if (requestLine.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new IOException("this is not HTTP");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(
        requestLine, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /**
   * What came in.
   *
   * @param line method, path and version
   * @param headers by name in lower case
   * @param body as text
   */
  public record Request(String line, Map<String, String> headers, String body) {}

  /** Writes an answer; throws to hang up. */
  public interface Answer {
    /** Writes one; what it throws ends the connection. */
    void write(Request request, OutputStream out) throws IOException, InterruptedException;
  }
}
