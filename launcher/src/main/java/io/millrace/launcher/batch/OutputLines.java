package io.millrace.launcher.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatCompletions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines of the OpenAI batch output format: {@code {"id", "custom_id", "response", "error"}}.
 * A line of the input that could not be run has its number as {@code line} besides. Not
 * thread-safe.
 */
final class OutputLines {

  /** What every line starts with. */
  static final String OPENING = "{\"id\":\"batch_req_";

  /** Keeps characters beyond the basic plane, such as emoji, readable. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  private static final int ID_BYTES = 12;
  private static final int OK = 200;

  private final MessageDigest sha256 = sha256();

  /** The line of a result, for the output file if it is a completion, else for the errors file. */
  byte[] result(String customId, CompletionResult result) {
    ObjectNode response = MAPPER.createObjectNode();
    if (result.getOutcome() instanceof Completion completion) {
      response.put("status_code", OK);
      response.put("request_id", result.getRequestId());
      response.set("body", ChatCompletions.writeCompletion(AvroModel.toModel(completion)));
    } else {
      PipelineError error = (PipelineError) result.getOutcome();
      response.put("status_code", error.getHttpStatus());
      response.put("request_id", result.getRequestId());
      response.set("body", ChatCompletions.writeError(AvroModel.toModel(error)));
    }
    ObjectNode line = opened(result.getRequestId(), customId);
    line.set("response", response);
    line.putNull("error");
    return bytes(line);
  }

  /** The line that names a line of the input which could not be run. */
  byte[] bad(String batchName, InputLine.Bad bad) {
    ObjectNode line = opened(batchName + " line " + bad.number(), bad.customId());
    line.put("line", bad.number());
    line.putNull("response");
    line.putObject("error").put("code", bad.code()).put("message", bad.message());
    return bytes(line);
  }

  private ObjectNode opened(String identity, @Nullable String customId) {
    byte[] digest = sha256.digest(identity.getBytes(StandardCharsets.UTF_8));
    return MAPPER
        .createObjectNode()
        .put("id", "batch_req_" + HexFormat.of().formatHex(digest, 0, ID_BYTES))
        .put("custom_id", customId);
  }

  private static byte[] bytes(ObjectNode line) {
    try {
      return MAPPER.writeValueAsBytes(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
