package io.millrace.schemas.model;

import io.millrace.schemas.avro.Caller;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.PipelineError;

/**
 * Translates between the Avro records and the plugin model, without loss. Thread-safe; results
 * share no mutable state with what they were made from.
 */
public final class AvroModel {

  static {
    TrustedRecords.trust();
  }

  private AvroModel() {}

  /**
   * The plugin model's request; identity, lane and timing stay behind.
   *
   * @throws IllegalArgumentException when a tool is neither a function nor JSON text
   */
  public static io.millrace.plugin.model.CompletionRequest toModel(CompletionRequest request) {
    return AvroRequests.toModel(request);
  }

  /** An Avro request with another content, keeping the identity, lane and timing of the base. */
  public static CompletionRequest toAvro(
      io.millrace.plugin.model.CompletionRequest request, CompletionRequest base) {
    return AvroRequests.toAvro(request, base);
  }

  /**
   * The plugin model's completion.
   *
   * @throws IllegalArgumentException when a token count is negative
   */
  public static io.millrace.plugin.model.Completion toModel(Completion completion) {
    return AvroCompletions.toModel(completion);
  }

  /** The Avro completion. */
  public static Completion toAvro(io.millrace.plugin.model.Completion completion) {
    return AvroCompletions.toAvro(completion);
  }

  /**
   * The plugin model's error. A category of a newer version, unknown here, becomes {@code
   * INTERNAL}, which tries no fallback.
   *
   * @throws IllegalArgumentException when the status is not 400 to 599
   */
  public static io.millrace.plugin.model.PipelineError toModel(PipelineError error) {
    return AvroErrors.toModel(error);
  }

  /** The Avro error; the advice on when to try again is cut to whole milliseconds. */
  public static PipelineError toAvro(io.millrace.plugin.model.PipelineError error) {
    return AvroErrors.toAvro(error);
  }

  /** Who sent a request. */
  public static io.millrace.plugin.access.Caller toModel(Caller caller) {
    return AvroCallers.toModel(caller);
  }

  /** Who sent a request. */
  public static Caller toAvro(io.millrace.plugin.access.Caller caller) {
    return AvroCallers.toAvro(caller);
  }
}
