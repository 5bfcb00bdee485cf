package io.millrace.schemas.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

/** A client of the registry, and a server that answers as a test tells it to. */
abstract class ScriptedRegistry {

  static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":\"int\"}]}");
  static final String QUOTED = "\"" + SCHEMA.toString().replace("\"", "\\\"") + "\"";
  static final String BY_ID = "{\"schema\":" + QUOTED + "}";
  static final String ID_7 = "{\"id\":7}";
  static final String UNREACHABLE_URL = "http://127.0.0.1:1";

  final ScriptedServer server = new ScriptedServer();
  final List<AutoCloseable> opened = new ArrayList<>(List.of(server));
  final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  final RestSchemaRegistry open(Map<String, String> config) {
    Map<String, String> all = new HashMap<>();
    all.put("schema.registry.url", server.url());
    all.put("retries.wait.ms", "1");
    all.put("retries.max.wait.ms", "2");
    all.putAll(config);
    var registry = new RestSchemaRegistry(RegistrySettings.of(all), nanos::get);
    opened.add(registry);
    return registry;
  }

  static SchemaRegistryException fault(ThrowingCallable call) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(
        SchemaRegistryException.class, call);
  }

  static String allMessages(Throwable fault) {
    var text = new java.io.StringWriter();
    fault.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }
}
