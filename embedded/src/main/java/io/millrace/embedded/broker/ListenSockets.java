package io.millrace.embedded.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The broker's two sockets, bound before the broker starts: its settings must name both ports, and
 * nobody can take a port that is bound already.
 */
final class ListenSockets implements ServerSocketFactory, AutoCloseable {

  private static final int BACKLOG_CONNECTIONS = 128;

  private final ServerSocketChannel clients;
  private final ServerSocketChannel controller;

  private ListenSockets(ServerSocketChannel clients, ServerSocketChannel controller) {
    this.clients = clients;
    this.controller = controller;
  }

  static ListenSockets bind(int port) {
    ServerSocketChannel clients = bindOne(port);
    try {
      return new ListenSockets(clients, bindOne(0));
    } catch (EmbeddedBrokerException e) {
      closeQuietly(clients, e);
      throw e;
    }
  }

  int port() {
    return clients.socket().getLocalPort();
  }

  int controllerPort() {
    return controller.socket().getLocalPort();
  }

  InetSocketAddress controllerAddress() {
    return new InetSocketAddress(EmbeddedBroker.HOST, controllerPort());
  }

  /** Called by the broker for each of its listeners. */
  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBufferBytes) {
    return listener.equals(BrokerSettings.CONTROLLER_LISTENER) ? controller : clients;
  }

  private static ServerSocketChannel bindOne(int port) {
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        channel.configureBlocking(false);
        channel.bind(new InetSocketAddress(EmbeddedBroker.HOST, port), BACKLOG_CONNECTIONS);
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new EmbeddedBrokerException(
          ("cannot listen on %s:%d (%s): stop what listens there, or choose another port"
                  + " (--kafka-port, embedded.kafka_port)")
              .formatted(EmbeddedBroker.HOST, port, e.getMessage()),
          e);
    }
  }

  private static void closeQuietly(ServerSocketChannel channel, Exception first) {
    try {
      channel.close();
    } catch (IOException e) {
      first.addSuppressed(e);
    }
  }

  /** Frees the ports where the broker has not done so. */
  @Override
  public void close() throws IOException {
    try (controller) {
      clients.close();
    }
  }
}
