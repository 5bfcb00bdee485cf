package io.millrace.launcher.cli;

import io.millrace.ingest.Admission;
import io.millrace.ingest.AdmissionLimits;
import io.millrace.ingest.AdmissionResult;
import io.millrace.ingest.ExchangePublisher;
import io.millrace.ingest.Submission;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.kafka.KafkaConnection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/**
 * Admits requests in this process and hands them to the home stage, as an operator's: whoever may
 * write to its topic needs no credential. Thread-safe.
 */
final class OperatorOutlet implements AutoCloseable {

  private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(1);

  private final Admission admission;
  private final ExchangePublisher publisher;

  OperatorOutlet(KafkaConnection connection, MillraceConfig config, AdmissionLimits limits) {
    admission = new Admission(limits);
    publisher =
        ExchangePublisher.open(
            connection, config.topicCatalogue(), config.home().scope(), DELIVERY_TIMEOUT);
  }

  /** Publishes a request and returns when the broker has it. */
  void send(CompletionRequest request) throws ExecutionException, InterruptedException {
    Submission submission = Submission.of(Objects.requireNonNull(request.getRequestId()), 0);
    switch (admission.admit(request, submission, System.currentTimeMillis())) {
      case AdmissionResult.Accepted accepted -> publisher.publish(accepted.exchange()).get();
      case AdmissionResult.Refused refused ->
          throw new CommandFailure(
              "the request is refused with %s: %s"
                  .formatted(refused.error().code(), refused.error().message()));
    }
  }

  @Override
  public void close() {
    publisher.close();
  }
}
