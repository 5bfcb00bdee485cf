package io.millrace.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.RequestKind;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import io.millrace.schemas.openai.RequestEventJson;
import java.util.List;
import java.util.Map;

/** Reads a request from JSON. */
final class RequestBody {

  private RequestBody() {}

  /** A body of chat completions or of embeddings. */
  static CompletionRequest read(byte[] json, RequestKind kind) throws RefusedException {
    try {
      return AvroModel.toAvro(
          ChatCompletions.readRequest(ChatCompletions.parse(json), kind), base());
    } catch (InvalidBodyException e) {
      throw refusal(e, ErrorCode.INVALID_REQUEST);
    }
  }

  /** A body of either kind or a request event, over HTTP. */
  static CompletionRequest readEvent(byte[] json) throws RefusedException {
    return readEvent(json, ErrorCode.INVALID_REQUEST);
  }

  /** The same from a record, where bytes that are no JSON at all have a code of their own. */
  static CompletionRequest readRecord(byte[] json) throws RefusedException {
    return readEvent(json, ErrorCode.UNDECODABLE);
  }

  private static CompletionRequest readEvent(byte[] json, ErrorCode whenNotJson)
      throws RefusedException {
    JsonNode event;
    try {
      event = ChatCompletions.parse(json);
    } catch (InvalidBodyException e) {
      throw refusal(e, whenNotJson);
    }
    try {
      return RequestEventJson.read(event);
    } catch (InvalidBodyException e) {
      throw refusal(e, ErrorCode.INVALID_REQUEST);
    }
  }

  private static RefusedException refusal(InvalidBodyException e, ErrorCode code) {
    return new RefusedException(code.error(String.valueOf(e.getMessage())), e.param());
  }

  /** What a body says nothing about. */
  private static CompletionRequest base() {
    CompletionRequest base = new CompletionRequest();
    base.setLane(Lane.STANDARD);
    base.setFallbacks(List.of());
    base.setHints(Map.of());
    return base;
  }
}
