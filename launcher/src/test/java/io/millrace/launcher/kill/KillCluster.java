package io.millrace.launcher.kill;

import io.millrace.embedded.broker.FreePorts;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A broker with its registry, and each role as a process of its own. */
final class KillCluster implements AutoCloseable {

  private static final int PARTITIONS = 4;

  /** Killed members are missed after 4 s instead of 10: what is waited for here, 40 times. */
  private static final String CONFIGURATION =
      """
      kafka:
        consumer.session.timeout.ms: 4000
      topics:
        partitions: %d
      home:
        scope: request
      providers:
        simulated:
          type: simulated
          latency_ms: 60
      """;

  private final MillraceProcess broker;
  private final List<MillraceProcess> roles = new ArrayList<>();
  private final Map<MillraceProcess, Integer> starts = new HashMap<>();
  private final KafkaConnection connection;

  private KillCluster(MillraceProcess broker, KafkaConnection connection) {
    this.broker = broker;
    this.connection = connection;
    starts.put(broker, 1);
  }

  static KillCluster start(Path folder) {
    int kafka = FreePorts.next();
    int registry = FreePorts.next();
    Path configuration =
        write(folder.resolve("millrace.yaml"), CONFIGURATION.formatted(PARTITIONS));
    MillraceProcess broker =
        MillraceProcess.start(
            "broker",
            folder,
            "512m",
            arguments(
                folder,
                configuration,
                "broker",
                "--kafka-port",
                kafka,
                "--registry-port",
                registry));
    KillCluster cluster =
        new KillCluster(
            broker, KafkaConnection.of("127.0.0.1:" + kafka, "http://127.0.0.1:" + registry));
    try {
      broker.awaitReady(1);
      for (String role : List.of("ingest", "hooks", "providers", "analytics")) {
        cluster.startRole(role, folder, configuration);
      }
      cluster.roles.forEach(role -> role.awaitReady(1));
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private void startRole(String role, Path folder, Path configuration) {
    MillraceProcess process =
        MillraceProcess.start(
            role,
            folder,
            "256m",
            arguments(
                folder,
                configuration,
                role,
                "--bootstrap-servers",
                connection.bootstrapServers(),
                "--schema-registry",
                connection.schemaRegistryUrl(),
                "--http-port",
                0));
    roles.add(process);
    starts.put(process, 1);
  }

  private static List<String> arguments(
      Path folder, Path configuration, String role, Object... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                role,
                "--config",
                configuration.toString(),
                "--data-dir",
                folder.resolve("data-" + role).toString()));
    for (Object argument : more) {
      arguments.add(argument.toString());
    }
    return arguments;
  }

  KafkaConnection connection() {
    return connection;
  }

  TopicCatalogue topics() {
    return new TopicCatalogue("millrace.", PARTITIONS);
  }

  MillraceProcess broker() {
    return broker;
  }

  List<MillraceProcess> roles() {
    return roles;
  }

  /** Kills a process and starts it again at once; does not wait until the new one is ready. */
  void killAndRestart(MillraceProcess victim) {
    victim.kill();
    victim.restart();
    starts.merge(victim, 1, Integer::sum);
  }

  /** Waits until the process says once per start that it is ready. */
  void awaitRestarted(MillraceProcess process) {
    process.awaitReady(Objects.requireNonNull(starts.get(process)));
  }

  @Override
  public void close() {
    roles.forEach(MillraceProcess::close);
    broker.close();
  }

  private static Path write(Path file, String content) {
    try {
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
