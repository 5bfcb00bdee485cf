package io.millrace.ingest;

import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Exchange;

/** What admission says to a request. */
public sealed interface AdmissionResult {

  /**
   * It may run.
   *
   * @param exchange ready for the home stage
   */
  record Accepted(Exchange exchange) implements AdmissionResult {}

  /**
   * It may not.
   *
   * @param error what is wrong, where, and what would be right
   */
  record Refused(PipelineError error) implements AdmissionResult {}
}
