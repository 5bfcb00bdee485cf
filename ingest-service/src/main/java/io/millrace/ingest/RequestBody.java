package io.millrace.ingest;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.util.List;

/** Reads a request from JSON. */
final class RequestBody {

  private RequestBody() {}

  /** A chat completions body. */
  static CompletionRequest readChat(byte[] json) throws RefusedException {
    try {
      return AvroModel.toAvro(ChatCompletions.readRequest(ChatCompletions.parse(json)), base());
    } catch (InvalidBodyException e) {
      throw refusal(e);
    }
  }

  /** A chat completions body. */
  static CompletionRequest read(byte[] json) throws RefusedException {
    return readChat(json);
  }

  private static RefusedException refusal(InvalidBodyException e) {
    return new RefusedException(
        ErrorCode.INVALID_REQUEST.error(String.valueOf(e.getMessage())), e.param());
  }

  /** What a chat body says nothing about. */
  private static CompletionRequest base() {
    CompletionRequest base = new CompletionRequest();
    base.setModel("");
    base.setMessages(List.of());
    base.setLane(Lane.STANDARD);
    base.setFallbacks(List.of());
    return base;
  }
}
