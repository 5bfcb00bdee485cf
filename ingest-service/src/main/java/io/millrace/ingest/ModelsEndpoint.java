package io.millrace.ingest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.millrace.ingest.access.Identity.Known;
import io.millrace.plugin.model.ErrorCode;
import java.util.Set;

/**
 * {@code GET /v1/models} and {@code GET /v1/models/{id}}; ids may hold slashes. What the credential
 * may not ask for is not there.
 */
final class ModelsEndpoint {

  private final KnownModels models;

  ModelsEndpoint(KnownModels models) {
    this.models = models;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/v1/models", this::list);
    routes.get("/v1/models/<id>", this::get);
  }

  private void list(Context call) {
    ObjectNode body = Answers.object().put("object", "list");
    ArrayNode data = body.putArray("data");
    Set<String> allowed = allowed(call);
    models.now().stream()
        .filter(model -> model.within(allowed))
        .forEach(model -> data.add(describe(model)));
    Answers.json(call, 200, body);
  }

  private void get(Context call) throws RefusedException {
    String id = call.pathParam("id");
    Set<String> allowed = allowed(call);
    ModelInfo model =
        models.now().stream()
            .filter(each -> each.id().equals(id) && each.within(allowed))
            .findFirst()
            .orElseThrow(
                () ->
                    new RefusedException(
                        ErrorCode.MODEL_NOT_FOUND.error(
                            "there is no model "
                                + Quoted.of(id)
                                + "; GET /v1/models lists those there are")));
    Answers.json(call, 200, describe(model));
  }

  /** What the credential is held to; nothing where nobody had to say, or it allows all. */
  private static Set<String> allowed(Context call) {
    return HttpGate.sender(call).map(Known::models).orElse(Set.of());
  }

  private static ObjectNode describe(ModelInfo model) {
    return Answers.object()
        .put("id", model.id())
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", model.ownedBy());
  }
}
