package io.millrace.embedded.registry;

import io.millrace.embedded.broker.FreePorts;

/**
 * The embedded registry without its topic: as quick as it answers, gone with its test, and any
 * number of them beside each other, while those on one broker share a topic that has one writer. It
 * can be taken away and brought back where it was. For one thread.
 */
public final class TestRegistry implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  private final MemorySchemaLog log = new MemorySchemaLog();
  private final int port = FreePorts.next();
  private EmbeddedRegistry server = EmbeddedRegistry.over(log, HOST, port);

  /** What to give to clients; stays the same. */
  public String url() {
    return "http://" + HOST + ":" + port;
  }

  /** Takes it away. */
  public void stop() {
    server.close();
  }

  /** Brings it back, with what it knew. */
  public void startAgain() {
    server = EmbeddedRegistry.over(log, HOST, port);
  }

  @Override
  public void close() {
    server.close();
  }
}
