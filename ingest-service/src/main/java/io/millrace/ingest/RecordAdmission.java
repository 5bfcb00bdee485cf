package io.millrace.ingest;

import io.millrace.ingest.AdmissionResult.Refused;
import io.millrace.ingest.RecordGate.Signed;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.DeadLetterHeaders.Origin;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a record of the requests topic, whatever is in it. Values that begin with an
 * opening brace are JSON, all others Avro in the wire format.
 */
final class RecordAdmission {

  private static final String NEITHER =
      "; a request is Avro in the Confluent wire format, or JSON that begins with {";

  private final Admission admission;
  private final RecordGate gate;
  private final int maxBytes;
  private final Deserializer<CompletionRequest> avro;

  RecordAdmission(AdmissionLimits limits, RecordGate gate, Deserializer<CompletionRequest> avro) {
    this.admission = new Admission(limits);
    this.gate = gate;
    this.maxBytes = limits.maxRequestBytes();
    this.avro = avro;
  }

  /**
   * What becomes of a record.
   *
   * @throws KeysNotReadException when it is signed and the keys are not known yet
   * @throws io.millrace.schemas.registry.SchemaRegistryException when the registry cannot be asked,
   *     which says nothing about the record
   */
  AdmissionResult admit(Headers headers, byte @Nullable [] value, Origin origin, long nowMillis) {
    try {
      byte[] bytes = notEmpty(value);
      long sizeBytes = bytes.length + RecordSubmission.sizeBytes(headers);
      if (sizeBytes > maxBytes) {
        throw Admission.tooLarge(sizeBytes + " bytes", maxBytes);
      }
      Optional<Signed> signed = gate.check(headers, bytes, nowMillis);
      Submission submission = RecordSubmission.read(headers, origin, sizeBytes);
      CompletionRequest request = decode(origin.topic(), bytes);
      if (signed.isPresent()) {
        submission = signed.get().applyTo(submission);
        signed.get().checkId(request.getRequestId());
      }
      return admission.admit(request, submission, nowMillis);
    } catch (RefusedException e) {
      return new Refused(e.error());
    }
  }

  private static byte[] notEmpty(byte @Nullable [] value) throws RefusedException {
    if (value == null || value.length == 0) {
      throw new RefusedException(
          ErrorCode.UNDECODABLE.error(
              (value == null ? "the value is null" : "the value is empty") + NEITHER));
    }
    return value;
  }

  private CompletionRequest decode(String topic, byte[] value) throws RefusedException {
    if (value[0] == '{') {
      return RequestBody.readRecord(value);
    }
    try {
      return avro.deserialize(topic, value);
    } catch (UndecodableValueException e) {
      throw new RefusedException(e.code().error(e.getMessage() + NEITHER));
    }
  }
}
