package io.millrace.schemas.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** A registry that lives in this object: for topology tests that need no server. Thread-safe. */
public final class InMemorySchemaRegistry implements SchemaRegistry {

  private static final int SUBJECT_NOT_FOUND = 40401;
  private static final int SCHEMA_NOT_FOUND = 40403;

  private final List<Schema> schemas = new ArrayList<>();
  private final Map<String, List<Integer>> subjects = new HashMap<>();

  @Override
  public synchronized int register(String subject, Schema schema) {
    int index = schemas.indexOf(schema);
    if (index < 0) {
      index = schemas.size();
      schemas.add(schema);
    }
    int id = index + 1;
    List<Integer> versions = subjects.computeIfAbsent(subject, name -> new ArrayList<>());
    if (!versions.contains(id)) {
      versions.add(id);
    }
    return id;
  }

  @Override
  public synchronized int idOf(String subject, Schema schema) {
    int id = schemas.indexOf(schema) + 1;
    if (id == 0 || !subjects.getOrDefault(subject, List.of()).contains(id)) {
      throw new SchemaRegistryException(
          "schema " + schema.getFullName() + " is not registered under " + subject,
          SCHEMA_NOT_FOUND);
    }
    return id;
  }

  @Override
  public synchronized Schema schemaOf(int id) {
    if (id < 1 || id > schemas.size()) {
      throw new SchemaRegistryException("there is no schema with id " + id, SCHEMA_NOT_FOUND);
    }
    return schemas.get(id - 1);
  }

  @Override
  public synchronized RegisteredSchema latest(String subject) {
    List<Integer> versions = subjects.getOrDefault(subject, List.of());
    if (versions.isEmpty()) {
      throw new SchemaRegistryException("there is no subject " + subject, SUBJECT_NOT_FOUND);
    }
    int id = versions.getLast();
    return new RegisteredSchema(subject, versions.size(), id, schemas.get(id - 1));
  }

  @Override
  public void close() {}
}
