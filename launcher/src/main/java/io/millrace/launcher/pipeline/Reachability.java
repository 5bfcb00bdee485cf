package io.millrace.launcher.pipeline;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistryException;

/** Says plainly, before anything starts, when the schema registry is not there. */
public final class Reachability {

  private static final String UNUSED_SUBJECT = "millrace-reachability";

  private Reachability() {}

  /**
   * Asks the registry for a subject that it does not have.
   *
   * @throws PipelineException when it does not answer
   */
  public static void check(KafkaConnection connection) {
    try (SchemaRegistry registry = connection.openRegistry()) {
      registry.latest(UNUSED_SUBJECT);
    } catch (SchemaRegistryException e) {
      if (e.errorCode() == SchemaRegistryException.UNREACHABLE) {
        throw new PipelineException(
            "the schema registry at %s cannot be reached (%s): check --schema-registry, and whether it runs"
                .formatted(connection.schemaRegistryUrl(), e.getMessage()),
            e);
      }
    }
  }
}
