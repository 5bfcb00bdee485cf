package io.millrace.plugin.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port on loopback that listens, but where nobody ever says anything. */
final class DeafListener implements AutoCloseable {

  /** More connections than a system lets wait for a listener that wants one to. */
  private static final int MAX_CONNECTIONS = 64;

  /** A connection on loopback that takes longer than this does not come about. */
  private static final int CONNECT_MILLIS = 300;

  private static final int BACKLOG = 50;

  private final ServerSocket listener;
  private final List<Socket> waiting = new ArrayList<>();

  private DeafListener(int backlog) throws IOException {
    listener = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
  }

  /** Connections come about, and then nothing more does. */
  static DeafListener silent() throws IOException {
    return new DeafListener(BACKLOG);
  }

  /** As many connections wait already as the system allows: no further one comes about. */
  static DeafListener full() throws IOException {
    return new DeafListener(1);
  }

  /** Fills it up; false where the system takes, or refuses, connections beyond the bound. */
  boolean fill() throws IOException {
    while (waiting.size() < MAX_CONNECTIONS) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(listener.getLocalSocketAddress(), CONNECT_MILLIS);
      } catch (SocketTimeoutException e) {
        return true;
      } catch (IOException e) {
        return false;
      }
    }
    return false;
  }

  /** Where it listens, with {@code /v1} to its end. */
  String baseUrl(String scheme) {
    return scheme + "://127.0.0.1:" + listener.getLocalPort() + "/v1";
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : waiting) {
      socket.close();
    }
    listener.close();
  }
}
