package io.millrace.schemas.model;

import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.PipelineError;

/** Translates between the Avro records and the plugin model, without loss. */
public final class AvroModel {

  private AvroModel() {}

  /** The plugin model's request; identity, lane and timing stay behind. */
  public static io.millrace.plugin.model.CompletionRequest toModel(CompletionRequest request) {
    throw new UnsupportedOperationException();
  }

  /** An Avro request with another content, keeping the identity, lane and timing of the base. */
  public static CompletionRequest toAvro(
      io.millrace.plugin.model.CompletionRequest request, CompletionRequest base) {
    throw new UnsupportedOperationException();
  }

  /** The plugin model's completion. */
  public static io.millrace.plugin.model.Completion toModel(Completion completion) {
    throw new UnsupportedOperationException();
  }

  /** The Avro completion. */
  public static Completion toAvro(io.millrace.plugin.model.Completion completion) {
    throw new UnsupportedOperationException();
  }

  /** The plugin model's error. */
  public static io.millrace.plugin.model.PipelineError toModel(PipelineError error) {
    throw new UnsupportedOperationException();
  }

  /** The Avro error. */
  public static PipelineError toAvro(io.millrace.plugin.model.PipelineError error) {
    throw new UnsupportedOperationException();
  }
}
