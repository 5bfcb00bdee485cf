package io.millrace.schemas.registry;

import org.apache.avro.Schema;

/**
 * What a serializer or deserializer needs of a schema registry. Implementations are thread-safe and
 * cache: a schema is asked for at most once.
 */
public interface SchemaRegistry extends AutoCloseable {

  /**
   * Registers a schema under a subject, or finds it there.
   *
   * @return its id, the same for the same schema
   * @throws SchemaRegistryException when the registry refuses (incompatible, invalid) or cannot be
   *     reached
   */
  int register(String subject, Schema schema);

  /**
   * The id of a schema that is registered under a subject already.
   *
   * @throws SchemaRegistryException when it is not, or the registry cannot be reached
   */
  int idOf(String subject, Schema schema);

  /**
   * The schema with an id.
   *
   * @throws SchemaRegistryException when there is none, or the registry cannot be reached
   */
  Schema schemaOf(int id);

  /**
   * The newest schema of a subject.
   *
   * @throws SchemaRegistryException when there is none, or the registry cannot be reached
   */
  RegisteredSchema latest(String subject);

  /** Releases connections. */
  @Override
  void close();

  /**
   * A schema and where it stands.
   *
   * @param subject the subject
   * @param version from 1
   * @param id global id
   * @param schema the schema
   */
  record RegisteredSchema(String subject, int version, int id, Schema schema) {}
}
