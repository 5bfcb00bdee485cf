package io.millrace.embedded.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What an embedded broker needs to know.
 *
 * @param dataFolder where everything is kept; made if missing, survives restarts
 * @param port of the clients' listener on {@value EmbeddedBroker#HOST}; 0 picks a free one at each
 *     start
 * @param properties further broker settings, which win over the defaults
 */
public record EmbeddedBrokerConfig(Path dataFolder, int port, Map<String, String> properties) {

  private static final int MAX_PORT = 65_535;

  /** Checks the port. */
  public EmbeddedBrokerConfig {
    Objects.requireNonNull(dataFolder, "dataFolder");
    properties = Map.copyOf(properties);
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and " + MAX_PORT);
    }
  }

  /** A broker with its data in a folder and a free port. */
  public static EmbeddedBrokerConfig in(Path dataFolder) {
    return new EmbeddedBrokerConfig(dataFolder, 0, Map.of());
  }

  /** The same on a fixed port. */
  public EmbeddedBrokerConfig withPort(int fixedPort) {
    return new EmbeddedBrokerConfig(dataFolder, fixedPort, properties);
  }
}
