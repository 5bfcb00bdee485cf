package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.ingest.AdmissionResult.Accepted;
import io.millrace.ingest.AdmissionResult.Refused;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.HeaderEntry;
import io.millrace.schemas.avro.ImagePart;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import io.millrace.schemas.avro.OtherPart;
import io.millrace.schemas.avro.RequestKind;
import io.millrace.schemas.avro.TextPart;
import io.millrace.schemas.avro.Tool;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionTest {

  private static final long NOW = 1_700_000_000_000L;

  private final Admission admission = new Admission(AdmissionLimits.defaults());

  @Test
  void shouldFillInEverythingWhenNothingIsSaid() {
    Exchange exchange = accepted(Requests.hello(), Submission.of("assigned-1", 100));

    assertThat(exchange.getExchangeId()).isEqualTo("default/assigned-1");
    assertThat(exchange.getRequestId()).isEqualTo("assigned-1");
    assertThat(exchange.getTenant()).isEqualTo("default");
    assertThat(exchange.getLane()).isEqualTo(Lane.STANDARD);
    assertThat(exchange.getAcceptedAtMillis()).isEqualTo(NOW);
    assertThat(exchange.getDeadlineMillis()).isEqualTo(NOW + Duration.ofMinutes(10).toMillis());
    assertThat(exchange.getAttempt()).isZero();
    assertThat(exchange.getTarget()).isNull();
    assertThat(exchange.getEffectiveRequest()).isNull();
    assertThat(exchange.getFrames()).isEmpty();
    assertThat(exchange.getFallbacks()).isEmpty();
    assertThat(exchange.getRequest().getRequestId()).isEqualTo("assigned-1");
    assertThat(exchange.getRequest().getTenant()).isEqualTo("default");
    assertThat(exchange.getRequest().getTimeoutMillis()).isEqualTo(600_000L);
  }

  @Test
  void shouldTakeInputsToEmbed() {
    CompletionRequest request = Requests.hello();
    request.setKind(RequestKind.EMBEDDINGS);

    Exchange exchange = accepted(request, Submission.of("assigned-1", 100));

    assertThat(exchange.getRequest().getKind()).isEqualTo(RequestKind.EMBEDDINGS);
  }

  @Test
  void shouldRefuseToEmbedWhatIsNoInput() {
    CompletionRequest request = Requests.hello();
    request.setKind(RequestKind.EMBEDDINGS);
    request.getMessages().getFirst().setRole("system");
    assertThat(refused(request))
        .isEqualTo("messages[0].role is \"system\"; each input to embed is a user message");

    request.setMessages(Collections.nCopies(2_049, Requests.hello().getMessages().getFirst()));
    assertThat(refused(request))
        .isEqualTo("there are 2049 inputs to embed; at most 2048 are allowed");
  }

  private String refused(CompletionRequest request) {
    return ((Refused) admission.admit(request, Submission.of("assigned-1", 100), NOW))
        .error()
        .message();
  }

  @Test
  void shouldTakeTheRequestsOwnFieldsWhenTheSubmissionSaysNothing() {
    CompletionRequest request = Requests.hello();
    request.setRequestId("mine");
    request.setTenant("acme");
    request.setLane(Lane.BATCH);
    request.setTimeoutMillis(5_000L);
    request.setFallbacks(List.of("a/b"));

    Exchange exchange = accepted(request, Submission.of("assigned", 100));

    assertThat(exchange.getExchangeId()).isEqualTo("acme/mine");
    assertThat(exchange.getLane()).isEqualTo(Lane.BATCH);
    assertThat(exchange.getDeadlineMillis()).isEqualTo(NOW + 5_000);
    assertThat(exchange.getRequest().getFallbacks()).containsExactly("a/b");
  }

  @Test
  void shouldPreferTheSubmissionWhenBothSpeak() {
    CompletionRequest request = Requests.hello();
    request.setRequestId("mine");
    request.setTenant("acme");
    request.setTimeoutMillis(5_000L);
    HeaderEntry header = new HeaderEntry("h", ByteBuffer.wrap(new byte[] {1}));
    Submission submission =
        Submission.of("assigned", 100)
            .withRequestId("theirs")
            .withTenant("other")
            .withLane(Lane.INTERACTIVE)
            .withTimeout(Duration.ofSeconds(1))
            .withFallbacks(List.of("x/y", "z/w"))
            .withHeaders(List.of(header));

    Exchange exchange = accepted(request, submission);

    assertThat(exchange.getExchangeId()).isEqualTo("other/theirs");
    assertThat(exchange.getRequest().getTenant()).isEqualTo("other");
    assertThat(exchange.getLane()).isEqualTo(Lane.INTERACTIVE);
    assertThat(exchange.getRequest().getLane()).isEqualTo(Lane.INTERACTIVE);
    assertThat(exchange.getDeadlineMillis()).isEqualTo(NOW + 1_000);
    assertThat(exchange.getRequest().getFallbacks()).containsExactly("x/y", "z/w");
    assertThat(exchange.getHeaders()).containsExactly(header);
  }

  @Test
  void shouldLeaveTheGivenRequestAloneWhenItFillsIn() {
    CompletionRequest request = Requests.hello();

    accepted(request, Submission.of("assigned", 100));

    assertThat(request).isEqualTo(Requests.hello());
  }

  @Test
  void shouldGiveTheSameAnswerWhenAskedAgain() {
    Submission submission = Submission.of("assigned", 100);

    assertThat(admission.admit(Requests.hello(), submission, NOW))
        .isEqualTo(admission.admit(Requests.hello(), submission, NOW));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultyRequests")
  void shouldRefuseWhenTheRequestIsAtFault(String message, Consumer<CompletionRequest> fault) {
    CompletionRequest request = Requests.hello();
    fault.accept(request);

    PipelineError error = refused(request, Submission.of("assigned", 100));

    assertThat(error.code()).isEqualTo("invalid_request");
    assertThat(error.httpStatus()).isEqualTo(400);
    assertThat(error.message()).contains(message);
  }

  static Stream<Arguments> faultyRequests() {
    return Stream.of(
        change("the model \" \" is not a name", r -> r.setModel(" ")),
        change("1 to 256 characters", r -> r.setModel("m".repeat(257))),
        change("messages has 0 entries", r -> r.setMessages(List.of())),
        change(
            "it must have 1 to 4096",
            r -> r.setMessages(Collections.nCopies(4097, Requests.message("user", "x")))),
        change(
            "messages[0].role is \"robot\"",
            r -> r.setMessages(List.of(Requests.message("robot", "x")))),
        change(
            "messages[0].content is missing",
            r -> r.setMessages(List.of(Message.newBuilder().setRole("user").build()))),
        change(
            "messages[0].tool_call_id is missing",
            r -> r.setMessages(List.of(Requests.message("tool", "42")))),
        change("temperature is -0.1", r -> r.setTemperature(-0.1)),
        change("temperature is NaN", r -> r.setTemperature(Double.NaN)),
        change("temperature is Infinity", r -> r.setTemperature(Double.POSITIVE_INFINITY)),
        change("top_p is 1.5; it must be between 0 and 1", r -> r.setTopP(1.5)),
        change("max_tokens is 0", r -> r.setMaxTokens(0)),
        change("form provider/model", r -> r.setFallbacks(List.of("nonsense"))),
        change(
            "there are 17 fallbacks; at most 16",
            r -> r.setFallbacks(Collections.nCopies(17, "a/b"))),
        change("tool_choice", r -> r.setToolChoiceJson("{no")),
        change("top_k", r -> r.setExtra(Map.of("top_k", "{no"))),
        change(
            "JSON text", r -> r.setTools(List.of(Tool.newBuilder().setOtherJson("{no").build()))),
        change("the tenant \"a/b\" is not", r -> r.setTenant("a/b")),
        change("the tenant \"\" is not", r -> r.setTenant("")),
        change("1 to 128", r -> r.setTenant("t".repeat(129))),
        change("the request id \"a b\" is not", r -> r.setRequestId("a b")),
        change("1 to 256", r -> r.setRequestId("i".repeat(257))),
        change("the time-out is 0 ms", r -> r.setTimeoutMillis(0L)),
        change("it must be 1 to 86400000", r -> r.setTimeoutMillis(86_400_001L)),
        change("must be 1 to 86400000", r -> r.setTimeoutMillis(Long.MIN_VALUE)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusualRequests")
  void shouldAcceptWhenTheRequestIsUnusual(String what, Consumer<CompletionRequest> change) {
    CompletionRequest request = Requests.hello();
    change.accept(request);

    assertThat(admission.admit(request, Submission.of("assigned", 1024 * 1024), NOW))
        .as(what)
        .isInstanceOf(Accepted.class);
  }

  static Stream<Arguments> unusualRequests() {
    return Stream.of(
        change("longest id", r -> r.setRequestId("i".repeat(256))),
        change("all signs of an id", r -> r.setRequestId("aZ09._:-")),
        change("longest tenant", r -> r.setTenant("t".repeat(128))),
        change("longest time-out", r -> r.setTimeoutMillis(86_400_000L)),
        change("most fallbacks", r -> r.setFallbacks(Collections.nCopies(16, "a/b/c"))),
        change("temperature of 0", r -> r.setTemperature(0.0)),
        change("top_p of 1", r -> r.setTopP(1.0)),
        change("extra fields", r -> r.setExtra(Map.of("top_k", "40", "x", "{\"y\":[1]}"))),
        change("parts", r -> r.setMessages(List.of(partsMessage()))),
        change(
            "empty assistant message",
            r ->
                r.setMessages(
                    List.of(
                        Message.newBuilder().setRole("assistant").build(),
                        Requests.message("user", "")))));
  }

  private static Message partsMessage() {
    return Message.newBuilder()
        .setRole("user")
        .setContent(
            List.of(
                new TextPart("look"),
                new ImagePart("https://x/y.png", null),
                new OtherPart("{\"type\":\"input_audio\"}")))
        .build();
  }

  private static Arguments change(String what, Consumer<CompletionRequest> change) {
    return arguments(what, change);
  }

  @Test
  void shouldRefuseWhenTheRequestIsTooLarge() {
    PipelineError error = refused(Requests.hello(), Submission.of("a", 1024 * 1024 + 1));

    assertThat(error.code()).isEqualTo("request_too_large");
    assertThat(error.httpStatus()).isEqualTo(413);
    assertThat(error.message()).contains("1048577 bytes").contains("1048576");
  }

  @Test
  void shouldNotRepeatControlCharactersOrLongTextWhenItRefuses() {
    PipelineError error =
        refused(Requests.hello(), Submission.of("a", 1).withTenant("x\n".repeat(500)));

    assertThat(error.message()).doesNotContain("\n").hasSizeLessThan(200);
  }

  private Exchange accepted(CompletionRequest request, Submission submission) {
    AdmissionResult result = admission.admit(request, submission, NOW);
    assertThat(result).isInstanceOf(Accepted.class);
    return ((Accepted) result).exchange();
  }

  private PipelineError refused(CompletionRequest request, Submission submission) {
    AdmissionResult result = admission.admit(request, submission, NOW);
    assertThat(result).isInstanceOf(Refused.class);
    return ((Refused) result).error();
  }
}
