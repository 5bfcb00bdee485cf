package io.millrace.benchmarks;

import io.millrace.ingest.Admission;
import io.millrace.ingest.AdmissionLimits;
import io.millrace.ingest.AdmissionResult;
import io.millrace.ingest.Submission;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;

/**
 * Requests by number: the same number is the same request in every run. Prompts are distinct and
 * such that a request is about 1 KB. Thread-safe.
 *
 * @param run in front of every request id, so that two loads on one pipeline do not meet
 * @param tenants the requests take turns among so many
 * @param model what they ask for
 * @param questions which prompt a request has, by its number
 */
record Workload(String run, int tenants, String model, LongUnaryOperator questions) {

  private static final int PROMPT_CHARACTERS = 900;
  private static final int PROMPTS = 64;
  private static final String[] PROMPT_BODIES = promptBodies();
  private static final Admission ADMISSION = new Admission(AdmissionLimits.defaults());

  /**
   * With prompts that are all distinct, also from those of other runs: the pipeline has a cache,
   * and what one run has asked it answers to the next without a call.
   */
  Workload(String run, int tenants, String model) {
    this(run, tenants, model, distinctQuestions(run));
  }

  /** With so many different prompts, asked again and again. */
  static Workload repeating(String run, int tenants, String model, int prompts) {
    return new Workload(run, tenants, model, number -> number % prompts);
  }

  /** Room for 2^32 questions of each run, told apart by the hash of its name. */
  private static LongUnaryOperator distinctQuestions(String run) {
    long first = (run.hashCode() & 0x7fff_ffffL) << 32;
    return number -> first + number;
  }

  String tenant(long number) {
    return "tenant-" + number % tenants;
  }

  String requestId(long number) {
    return run + "-" + number;
  }

  /** The number of a request of this load; -1 for somebody else's. */
  long numberOf(String requestId) {
    int prefix = run.length() + 1;
    return requestId.length() > prefix && requestId.startsWith(run)
        ? Long.parseLong(requestId, prefix, requestId.length(), 10)
        : -1;
  }

  CompletionRequest request(long number) {
    return CompletionRequest.newBuilder()
        .setRequestId(requestId(number))
        .setTenant(tenant(number))
        .setModel(model)
        .setMessages(List.of(new Message("user", prompt(number), null, List.of(), null, Map.of())))
        .build();
  }

  /** The request as admission lets it in. */
  Exchange exchange(long number) {
    Submission submission = Submission.of(requestId(number), PROMPT_CHARACTERS);
    AdmissionResult result =
        ADMISSION.admit(request(number), submission, System.currentTimeMillis());
    return switch (result) {
      case AdmissionResult.Accepted accepted -> accepted.exchange();
      case AdmissionResult.Refused refused ->
          throw new IllegalStateException(refused.error().message());
    };
  }

  /** The request as an OpenAI chat body. */
  String chatBody(long number) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, prompt(number));
  }

  /** Where it runs when nobody asks for another lane. */
  Lane lane() {
    return Lane.STANDARD;
  }

  private String prompt(long number) {
    long question = questions.applyAsLong(number);
    return "Question " + question + ": " + PROMPT_BODIES[(int) (question % PROMPTS)];
  }

  private static String[] promptBodies() {
    SplittableRandom random = new SplittableRandom(1);
    String[] bodies = new String[PROMPTS];
    for (int i = 0; i < PROMPTS; i++) {
      StringBuilder text = new StringBuilder(PROMPT_CHARACTERS);
      while (text.length() < PROMPT_CHARACTERS) {
        text.append(Integer.toString(random.nextInt(Integer.MAX_VALUE), 36)).append(' ');
      }
      bodies[i] = text.toString().strip();
    }
    return bodies;
  }
}
