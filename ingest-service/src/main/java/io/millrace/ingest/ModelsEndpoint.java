package io.millrace.ingest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.millrace.plugin.model.ErrorCode;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}; ids may hold slashes. */
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
    models.now().forEach(model -> data.add(describe(model)));
    Answers.json(call, 200, body);
  }

  private void get(Context call) throws RefusedException {
    String id = call.pathParam("id");
    ModelInfo model =
        models.now().stream()
            .filter(each -> each.id().equals(id))
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

  private static ObjectNode describe(ModelInfo model) {
    return Answers.object()
        .put("id", model.id())
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", model.ownedBy());
  }
}
