package io.millrace.embedded.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.millrace.embedded.registry.LogRecord.Version;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of Confluent's REST interface that clients, tools and build plugins use. */
final class RegistryRoutes {

  private static final Logger log = LoggerFactory.getLogger(RegistryRoutes.class);
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final JsonMapper JSON = new JsonMapper();

  private final SchemaCatalogue catalogue;

  RegistryRoutes(SchemaCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/", json(ctx -> Map.of()));
    addSchemas(routes);
    addSubjects(routes);
    addLevels(routes);
    addFaults(routes);
  }

  private void addSchemas(RoutesConfig routes) {
    routes.get("/schemas/types", json(ctx -> List.of("AVRO")));
    routes.get("/schemas/ids/{id}", json(ctx -> Map.of("schema", byId(ctx).getFirst().schema())));
    routes.get("/schemas/ids/{id}/schema", json(ctx -> raw(byId(ctx).getFirst())));
    routes.get(
        "/schemas/ids/{id}/subjects",
        json(ctx -> standing(ctx).stream().map(Version::subject).distinct().toList()));
    routes.get(
        "/schemas/ids/{id}/versions",
        json(
            ctx ->
                standing(ctx).stream()
                    .map(v -> Map.of("subject", v.subject(), "version", v.version()))
                    .toList()));
  }

  private void addSubjects(RoutesConfig routes) {
    routes.get("/subjects", json(this::subjects));
    routes.post(
        "/subjects/{subject}",
        json(
            ctx ->
                described(
                    catalogue.lookUp(
                        RequestFields.subject(ctx),
                        RequestFields.schema(ctx),
                        RequestFields.withDeleted(ctx)))));
    routes.delete(
        "/subjects/{subject}",
        json(ctx -> catalogue.delete(RequestFields.subject(ctx), RequestFields.permanently(ctx))));
    String versions = "/subjects/{subject}/versions";
    routes.get(
        versions,
        json(
            ctx ->
                catalogue
                    .versions(RequestFields.subject(ctx), RequestFields.withDeleted(ctx))
                    .stream()
                    .map(Version::version)
                    .toList()));
    routes.post(
        versions,
        json(
            ctx ->
                Map.of(
                    "id",
                    catalogue
                        .register(RequestFields.subject(ctx), RequestFields.schema(ctx))
                        .id())));
    routes.get(versions + "/{version}", json(ctx -> described(version(ctx))));
    routes.get(versions + "/{version}/schema", json(ctx -> raw(version(ctx))));
    routes.delete(
        versions + "/{version}",
        json(
            ctx ->
                catalogue.delete(
                    RequestFields.subject(ctx),
                    RequestFields.number(ctx),
                    RequestFields.permanently(ctx))));
  }

  private void addLevels(RoutesConfig routes) {
    routes.get("/config", json(ctx -> Map.of("compatibilityLevel", catalogue.levelFor(null))));
    routes.put("/config", json(ctx -> setLevel(null, ctx)));
    routes.delete("/config", json(ctx -> Map.of("compatibilityLevel", catalogue.resetLevel(null))));
    routes.get("/config/{subject}", json(this::levelOfSubject));
    routes.put("/config/{subject}", json(ctx -> setLevel(RequestFields.subject(ctx), ctx)));
    routes.delete("/config/{subject}", json(this::resetLevelOfSubject));
    routes.get("/mode", json(ctx -> Map.of("mode", "READWRITE")));
    routes.get("/mode/{subject}", json(ctx -> Map.of("mode", "READWRITE")));
    String compatibility = "/compatibility/subjects/{subject}/versions";
    routes.post(compatibility, json(ctx -> compatible(ctx, null)));
    routes.post(compatibility + "/{version}", json(ctx -> compatible(ctx, version(ctx))));
  }

  private static void addFaults(RoutesConfig routes) {
    routes.exception(
        RegistryFault.class,
        (fault, ctx) -> fail(ctx, fault.status(), fault.errorCode(), fault.getMessage()));
    routes.exception(
        HttpResponseException.class,
        (fault, ctx) -> fail(ctx, fault.getStatus(), fault.getStatus(), fault.getMessage()));
    routes.exception(
        Exception.class,
        (fault, ctx) -> {
          log.error("{} {} failed", ctx.method(), ctx.path(), fault);
          fail(ctx, 500, 50001, "Internal fault of the registry; its log says more");
        });
  }

  private static void fail(Context ctx, int status, int errorCode, @Nullable String message) {
    ctx.status(status);
    write(ctx, Map.of("error_code", errorCode, "message", String.valueOf(message)));
  }

  private static Handler json(Function<Context, Object> answer) {
    return ctx -> write(ctx, answer.apply(ctx));
  }

  private static void write(Context ctx, Object body) {
    byte[] json = JSON.valueToTree(body).toString().getBytes(StandardCharsets.UTF_8);
    ctx.contentType(MEDIA_TYPE).result(json);
  }

  private List<String> subjects(Context ctx) {
    String prefix = Optional.ofNullable(ctx.queryParam("subjectPrefix")).orElse("");
    return catalogue.subjects(RequestFields.withDeleted(ctx)).stream()
        .filter(subject -> subject.startsWith(prefix))
        .toList();
  }

  private List<Version> byId(Context ctx) {
    return catalogue.versionsOf(RequestFields.id(ctx));
  }

  private List<Version> standing(Context ctx) {
    boolean withDeleted = RequestFields.withDeleted(ctx);
    return byId(ctx).stream().filter(version -> withDeleted || !version.deleted()).toList();
  }

  private Version version(Context ctx) {
    return catalogue.version(
        RequestFields.subject(ctx), RequestFields.number(ctx), RequestFields.withDeleted(ctx));
  }

  private Object compatible(Context ctx, @Nullable Version against) {
    List<String> faults =
        catalogue.faults(RequestFields.subject(ctx), against, RequestFields.schema(ctx));
    return RequestFields.flag(ctx, "verbose")
        ? Map.of("is_compatible", faults.isEmpty(), "messages", faults)
        : Map.of("is_compatible", faults.isEmpty());
  }

  private Object levelOfSubject(Context ctx) {
    String subject = RequestFields.subject(ctx);
    Optional<CompatibilityLevel> level =
        RequestFields.flag(ctx, "defaultToGlobal")
            ? Optional.of(catalogue.levelFor(subject))
            : catalogue.level(subject);
    return Map.of(
        "compatibilityLevel", level.orElseThrow(() -> RegistryFault.levelNotConfigured(subject)));
  }

  private Object resetLevelOfSubject(Context ctx) {
    String subject = RequestFields.subject(ctx);
    if (catalogue.level(subject).isEmpty()) {
      throw RegistryFault.levelNotConfigured(subject);
    }
    return Map.of("compatibilityLevel", catalogue.resetLevel(subject));
  }

  private Object setLevel(@Nullable String subject, Context ctx) {
    String name = RequestFields.body(ctx).path("compatibility").asText();
    CompatibilityLevel level =
        CompatibilityLevel.of(name).orElseThrow(() -> RegistryFault.invalidLevel(name));
    catalogue.setLevel(subject, level);
    return Map.of("compatibility", level);
  }

  private static JsonNode raw(Version version) {
    try {
      return JSON.readTree(version.schema());
    } catch (JacksonException e) {
      throw new IllegalStateException("a stored schema is not JSON", e);
    }
  }

  private static Map<String, Object> described(Version version) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("subject", version.subject());
    answer.put("version", version.version());
    answer.put("id", version.id());
    answer.put("schema", version.schema());
    return answer;
  }
}
