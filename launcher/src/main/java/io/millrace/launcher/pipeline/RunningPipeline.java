package io.millrace.launcher.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.kafka.KafkaConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code millrace up} writes down so that other commands find it; removed when it stops.
 *
 * @param pid its process
 * @param bootstrapServers Kafka's address
 * @param schemaRegistry the registry's address
 * @param http ingest's address; null where it does not run
 */
public record RunningPipeline(
    long pid, String bootstrapServers, String schemaRegistry, @Nullable String http) {

  private static final String FILE = "running.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The pipeline that runs from a data folder; a file left by a killed process does not count. */
  public static Optional<RunningPipeline> find(Path dataDir) {
    Path file = dataDir.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      RunningPipeline running = MAPPER.readValue(file.toFile(), RunningPipeline.class);
      return ProcessHandle.of(running.pid()).map(process -> running);
    } catch (IOException e) {
      throw new PipelineException(
          "cannot read %s (%s): delete it and start 'millrace up' again"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Writes it down for others; whole or not at all. */
  public void publish(Path dataDir) {
    Path file = dataDir.resolve(FILE);
    try {
      Path draft = Files.createTempFile(dataDir, FILE, ".tmp");
      MAPPER.writeValue(draft.toFile(), this);
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new PipelineException(
          "cannot write %s (%s): check the folder".formatted(file, e.getMessage()), e);
    }
  }

  /** Removes what was written down. */
  public static void withdraw(Path dataDir) {
    try {
      Files.deleteIfExists(dataDir.resolve(FILE));
    } catch (IOException e) {
      throw new PipelineException(
          "cannot delete %s (%s)".formatted(dataDir.resolve(FILE), e.getMessage()), e);
    }
  }

  /** How to reach it. */
  public KafkaConnection connection() {
    return KafkaConnection.of(bootstrapServers, schemaRegistry);
  }
}
