package io.millrace.schemas.model;

import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.RequestKind;
import io.millrace.schemas.avro.Tool;
import org.jspecify.annotations.Nullable;

/** Requests and their tools, both ways. */
final class AvroRequests {

  private AvroRequests() {}

  static io.millrace.plugin.model.CompletionRequest toModel(CompletionRequest request) {
    return new io.millrace.plugin.model.CompletionRequest(
        request.getModel(),
        request.getMessages().stream().map(AvroMessages::toModel).toList(),
        request.getTools().stream().map(AvroRequests::tool).toList(),
        request.getToolChoiceJson(),
        request.getResponseFormatJson(),
        request.getTemperature(),
        request.getTopP(),
        request.getMaxTokens(),
        request.getStop(),
        request.getSeed(),
        request.getStream(),
        request.getExtra(),
        kind(request.getKind()));
  }

  static CompletionRequest toAvro(
      io.millrace.plugin.model.CompletionRequest request, CompletionRequest base) {
    return new CompletionRequest(
        base.getRequestId(),
        base.getTenant(),
        request.model(),
        request.messages().stream().map(AvroMessages::toAvro).toList(),
        request.tools().stream().map(AvroRequests::tool).toList(),
        request.toolChoiceJson(),
        request.responseFormatJson(),
        request.temperature(),
        request.topP(),
        request.maxTokens(),
        request.stop(),
        request.seed(),
        request.stream(),
        request.extra(),
        base.getLane(),
        base.getTimeoutMillis(),
        base.getFallbacks(),
        base.getHints(),
        kind(request.kind()));
  }

  private static io.millrace.plugin.model.RequestKind kind(RequestKind kind) {
    return switch (kind) {
      case CHAT -> io.millrace.plugin.model.RequestKind.CHAT;
      case EMBEDDINGS -> io.millrace.plugin.model.RequestKind.EMBEDDINGS;
    };
  }

  private static RequestKind kind(io.millrace.plugin.model.RequestKind kind) {
    return switch (kind) {
      case CHAT -> RequestKind.CHAT;
      case EMBEDDINGS -> RequestKind.EMBEDDINGS;
    };
  }

  private static io.millrace.plugin.model.Tool tool(Tool tool) {
    @Nullable String other = tool.getOtherJson();
    if (other != null) {
      return new io.millrace.plugin.model.Tool.Other(other);
    }
    @Nullable String name = tool.getName();
    if (name == null) {
      throw new IllegalArgumentException("a tool has neither name nor otherJson; one is needed");
    }
    return new io.millrace.plugin.model.Tool.Function(
        name, tool.getDescription(), tool.getParametersJson(), tool.getStrict());
  }

  private static Tool tool(io.millrace.plugin.model.Tool tool) {
    return switch (tool) {
      case io.millrace.plugin.model.Tool.Function function ->
          new Tool(
              function.name(),
              function.description(),
              function.parametersJson(),
              function.strict(),
              null);
      case io.millrace.plugin.model.Tool.Other other ->
          new Tool(null, null, null, null, other.json());
    };
  }
}
