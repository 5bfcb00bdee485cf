package io.millrace.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Optional;

/** What a request says, checked. */
final class RequestFields {

  private static final JsonMapper JSON = new JsonMapper();

  private RequestFields() {}

  static int id(Context ctx) {
    String id = ctx.pathParam("id");
    return positive(id)
        .orElseThrow(() -> RegistryFault.invalidRequest("'" + id + "' is not a schema id"));
  }

  static String subject(Context ctx) {
    return ctx.pathParam("subject");
  }

  static boolean withDeleted(Context ctx) {
    return flag(ctx, "deleted");
  }

  static boolean permanently(Context ctx) {
    return flag(ctx, "permanent");
  }

  static boolean flag(Context ctx, String name) {
    return "true".equalsIgnoreCase(ctx.queryParam(name));
  }

  /** The version of the path; empty means the newest. */
  static Optional<Integer> number(Context ctx) {
    String version = ctx.pathParam("version");
    if (version.equals("latest") || version.equals("-1")) {
      return Optional.empty();
    }
    return Optional.of(positive(version).orElseThrow(() -> RegistryFault.invalidVersion(version)));
  }

  private static Optional<Integer> positive(String text) {
    try {
      return Optional.of(Integer.parseInt(text)).filter(number -> number > 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  static String schema(Context ctx) {
    JsonNode body = body(ctx);
    String type = body.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw RegistryFault.invalidSchema("this registry keeps AVRO schemas, not " + type);
    }
    if (!body.path("references").isEmpty()) {
      throw RegistryFault.invalidSchema(
          "this registry does not keep references; give the schema with its types inlined");
    }
    if (!body.path("schema").isTextual()) {
      throw RegistryFault.invalidSchema("the request has no field 'schema' with the text");
    }
    return body.path("schema").textValue();
  }

  static JsonNode body(Context ctx) {
    try {
      return JSON.readTree(ctx.bodyAsBytes());
    } catch (IOException e) {
      throw RegistryFault.invalidRequest("the request's body is not JSON");
    }
  }
}
