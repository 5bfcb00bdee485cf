package io.millrace.benchmarks;

import io.millrace.embedded.broker.EmbeddedBroker;
import io.millrace.embedded.broker.EmbeddedBrokerConfig;
import io.millrace.embedded.registry.EmbeddedRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A broker and a schema registry, in this process or in one of their own. */
interface Cluster extends AutoCloseable {

  /** Where the broker runs. */
  enum Placement {
    IN_PROCESS,
    PROCESS;

    @Override
    public String toString() {
      return this == IN_PROCESS ? "in-process" : "process";
    }
  }

  Duration START_TIMEOUT = Duration.ofSeconds(60);

  KafkaConnection connection();

  /** The same with further client settings. */
  default KafkaConnection connection(Map<String, String> further) {
    Map<String, String> properties = new HashMap<>(connection().properties());
    properties.putAll(further);
    return new KafkaConnection(properties);
  }

  /** The processes whose work counts: this one, and the broker's where it has its own. */
  CpuTime cpu();

  static Cluster start(Placement placement, Path folder) throws IOException, InterruptedException {
    return start(placement, folder, List.of("-Xmx1g"));
  }

  /**
   * Starts both.
   *
   * @param jvmOptions of the process, where they get one
   */
  static Cluster start(Placement placement, Path folder, List<String> jvmOptions)
      throws IOException, InterruptedException {
    return switch (placement) {
      case IN_PROCESS -> InProcess.start(folder);
      case PROCESS -> OwnProcess.start(folder, jvmOptions);
    };
  }

  /** Both in this process. */
  record InProcess(EmbeddedBroker broker, EmbeddedRegistry registry) implements Cluster {

    static InProcess start(Path folder) {
      EmbeddedBroker broker =
          EmbeddedBroker.start(EmbeddedBrokerConfig.in(folder.resolve("broker")));
      try {
        return new InProcess(
            broker, EmbeddedRegistry.start(broker.bootstrapServers(), EmbeddedBroker.HOST, 0));
      } catch (RuntimeException e) {
        broker.close();
        throw e;
      }
    }

    @Override
    public KafkaConnection connection() {
      return KafkaConnection.of(broker.bootstrapServers(), registry.url());
    }

    @Override
    public CpuTime cpu() {
      return new CpuTime(List.of(ProcessHandle.current()));
    }

    @Override
    public void close() {
      try (broker) {
        registry.close();
      }
    }
  }

  /** Both in a process of their own, see {@link BrokerMain}. */
  record OwnProcess(ChildProcess process, KafkaConnection connection) implements Cluster {

    static OwnProcess start(Path folder, List<String> jvmOptions)
        throws IOException, InterruptedException {
      ChildProcess process =
          ChildProcess.java(
              jvmOptions,
              List.of(BrokerMain.NAME, folder.toString()),
              folder.resolve("broker.log"));
      try {
        String[] addresses = process.await(ParentProcess.READY, START_TIMEOUT).split(" ");
        return new OwnProcess(process, KafkaConnection.of(addresses[0], addresses[1]));
      } catch (IllegalStateException e) {
        process.close();
        throw e;
      }
    }

    @Override
    public CpuTime cpu() {
      return new CpuTime(Stream.of(ProcessHandle.current(), process.handle()).toList());
    }

    @Override
    public void close() throws IOException, InterruptedException {
      process.close();
    }
  }
}
