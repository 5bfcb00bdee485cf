package io.millrace.launcher.cli;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.launcher.pipeline.RemotePipeline;
import io.millrace.launcher.pipeline.Role;
import io.millrace.launcher.pipeline.RunningPipeline;
import io.millrace.schemas.kafka.KafkaConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs some roles of a pipeline in this process. */
@Command(
    name = "run",
    description =
        "Run roles in this process, against a cluster: broker (embedded broker and schema"
            + " registry), ingest, hooks, providers, analytics; any of them together.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  millrace run broker",
      "  millrace run ingest hooks \\",
      "    --bootstrap-servers kafka:9092 --schema-registry http://registry:8081",
      "  millrace run providers --config millrace.yaml"
    })
final class RunCommand implements Callable<Integer> {

  private static final String BROKER = "broker";

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private PortOptions ports = new PortOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "ROLE",
      description = "${COMPLETION-CANDIDATES}.",
      completionCandidates = Parts.class,
      converter = Parts.class)
  private List<String> parts = List.of();

  @Override
  public Integer call() {
    MillraceConfig config = global.loadConfig().config();
    global.logAsService();
    try (Termination termination = Termination.watch(config.workers().drainTimeout())) {
      if (parts.contains(BROKER)) {
        runWithBroker(config, termination);
      } else {
        runAgainst(cluster.connection(global), config, termination);
      }
    }
    return 0;
  }

  private void runWithBroker(MillraceConfig config, Termination termination) {
    if (cluster.given()) {
      throw new CommandFailure(
          "'run broker' starts a broker of its own: leave out --bootstrap-servers and"
              + " --schema-registry, or leave out broker");
    }
    Path dataDir = global.dataDir();
    LocalPipelineConfig local = ports.over(LocalPipelineConfig.onConfiguredPorts(config, dataDir));
    try (LocalPipeline pipeline = LocalPipeline.start(local, roles(), step -> {})) {
      KafkaConnection connection = pipeline.connection();
      Optional<String> http = pipeline.httpAddress().map(URI::toString);
      new RunningPipeline(
              ProcessHandle.current().pid(),
              connection.bootstrapServers(),
              connection.schemaRegistryUrl(),
              http.orElse(null))
          .publish(dataDir);
      try {
        ready(
            "kafka %s, schema registry %s"
                .formatted(connection.bootstrapServers(), connection.schemaRegistryUrl()),
            pipeline.httpAddress());
        termination.await(pipeline::failure);
      } finally {
        RunningPipeline.withdraw(dataDir);
      }
    }
  }

  private void runAgainst(
      KafkaConnection connection, MillraceConfig config, Termination termination) {
    try (RemotePipeline pipeline =
        RemotePipeline.start(
            config,
            roles(),
            connection,
            global.dataDir(),
            ports.httpPortOr(config.http().port()))) {
      ready("kafka " + connection.bootstrapServers(), pipeline.httpAddress());
      termination.await(pipeline::failure);
    }
  }

  private Set<Role> roles() {
    return Arrays.stream(Role.values())
        .filter(role -> parts.contains(role.toString()))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
  }

  private void ready(String where, Optional<URI> http) {
    String names = String.join(", ", parts);
    spec.commandLine()
        .getOut()
        .printf(
            "ready: %s (%s%s)%n",
            names, where, http.map(address -> ", http " + address).orElse(""));
    spec.commandLine().getOut().flush();
  }

  /** What can be named on the command line, in any case of letters: the broker and the roles. */
  static final class Parts implements Iterable<String>, ITypeConverter<String> {

    private static final List<String> NAMES =
        Stream.concat(Stream.of(BROKER), Arrays.stream(Role.values()).map(Role::toString)).toList();

    @Override
    public Iterator<String> iterator() {
      return NAMES.iterator();
    }

    @Override
    public String convert(String name) {
      String part = name.toLowerCase(Locale.ROOT);
      if (!NAMES.contains(part)) {
        throw new TypeConversionException("'%s' is none of %s".formatted(name, NAMES));
      }
      return part;
    }
  }
}
