package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.HeaderEntry;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.topic.HeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the home stage promises, without hooks. */
class HomeTopologyTest {

  @TempDir Path stateDir;
  private HomeDriver home;

  @BeforeEach
  void start() {
    home = new HomeDriver(stateDir);
  }

  @AfterEach
  void stop() {
    home.close();
  }

  @Test
  void shouldDispatchToTheLaneOfTheProviderWhenARequestComes() {
    Exchange request = accepted("r1", "one/small");
    request.setLane(Lane.BATCH);
    home.request(request);

    Exchange dispatched = home.dispatchedTo("one", Lane.BATCH).getFirst();

    assertThat(dispatched.getAttempt()).isEqualTo(1);
    assertThat(dispatched.getTarget().getModel()).isEqualTo("small");
    assertThat(dispatched.getFrames()).hasSize(1);
    assertThat(dispatched.getFrames().getFirst().getScopeKey()).isEqualTo("acme");
    assertThat(dispatched.getRequest().getMessages()).hasSize(1);
    assertThat(home.eventTypes()).containsExactly("request-accepted");
  }

  @Test
  void shouldSendOneResultWhenTheReplyComes() {
    Exchange dispatched = dispatch(accepted("r1", "fast"));
    home.advance(Duration.ofSeconds(2));
    home.reply(answered(dispatched, "A channel."));

    CompletionResult result = onlyResult();

    assertThat(textOf(result.getOutcome())).isEqualTo("A channel.");
    assertThat(result.getRequestedModel()).isEqualTo("fast");
    assertThat(result.getProvider()).isEqualTo("one");
    assertThat(result.getModel()).isEqualTo("small");
    assertThat(result.getCostNanos()).isEqualTo(7);
    assertThat(result.getFinishedAtMillis() - result.getAcceptedAtMillis()).isEqualTo(2_000);
    assertThat(result.getAttempts()).hasSize(1);
    assertThat(home.meters.counter("millrace.home.results", "outcome", "completed").count())
        .isEqualTo(1);
  }

  @Test
  void shouldNotRunAgainWhenTheSameIdIsStillOpen() {
    dispatch(accepted("r1", "one/small"));
    home.events();
    home.request(accepted("r1", "one/small"));

    assertThat(home.dispatched()).isEmpty();
    assertThat(home.eventTypes()).containsExactly("request-duplicate");
  }

  @Test
  void shouldNotRunAgainWhenTheSameIdWasFinishedWithinTheWindow() {
    home.reply(answered(dispatch(accepted("r1", "one/small")), "yes"));
    onlyResult();
    for (int hours = 1; hours <= 23; hours++) {
      home.advance(Duration.ofHours(1));
      home.request(acceptedNow("r1", hours));
      assertThat(home.dispatched()).as("after %s h", hours).isEmpty();
    }
  }

  @Test
  void shouldRunAgainWhenTheWindowIsLongOver() {
    home.reply(answered(dispatch(accepted("r1", "one/small")), "yes"));
    home.advance(Duration.ofHours(37));
    home.request(acceptedNow("r1", 37));
    assertThat(home.dispatched()).hasSize(1);
  }

  @Test
  void shouldKeepTenantsApartWhenTheyUseTheSameId() {
    dispatch(accepted("r1", "one/small"));
    Exchange other = accepted("r1", "one/small");
    other.setTenant("other");
    other.setExchangeId("other/r1");
    home.request(other);
    assertThat(home.dispatched()).hasSize(1);
  }

  @Test
  void shouldCountAReplyOnceWhenItComesTwice() {
    Exchange reply = answered(dispatch(accepted("r1", "one/small")), "yes");
    home.reply(reply);
    home.reply(reply);

    onlyResult();
    assertThat(home.eventTypes()).contains("reply-dropped");
    assertThat(home.meters.counter("millrace.home.replies.dropped", "reason", "late").count())
        .isEqualTo(1);
  }

  @Test
  void shouldHoldAndUseTheReplyWhenItComesBeforeItsRequest() {
    Exchange dispatched = dispatch(accepted("r1", "one/small"));
    try (HomeDriver restarted = new HomeDriver(stateDir.resolve("restarted"))) {
      restarted.reply(answered(dispatched, "early"));
      assertThat(restarted.results()).isEmpty();
      restarted.request(accepted("r1", "one/small"));

      assertThat(restarted.dispatched()).as("no second call").isEmpty();
      assertThat(textOf(restarted.results().getFirst().getOutcome())).isEqualTo("early");
    }
  }

  @Test
  void shouldDropAHeldReplyWhenItsRequestNeverComes() {
    Exchange dispatched = dispatch(accepted("r1", "one/small"));
    try (HomeDriver restarted = new HomeDriver(stateDir.resolve("restarted"))) {
      restarted.reply(answered(dispatched, "early"));
      restarted.advance(Exchanges.TIMEOUT.plusSeconds(20));
      assertThat(restarted.eventTypes()).containsExactly("reply-dropped");
      assertThat(restarted.results()).isEmpty();
    }
  }

  @Test
  void shouldEndWithDeadlineExceededWhenNoReplyComes() {
    dispatch(accepted("r1", "one/small", "two/big"));
    home.advance(Exchanges.TIMEOUT.minusSeconds(1));
    assertThat(home.results()).isEmpty();
    home.advance(Duration.ofSeconds(2));

    CompletionResult result = onlyResult();
    assertThat(codeOf(result.getOutcome())).isEqualTo("deadline_exceeded");
    assertThat(home.pendingFallbacks()).isZero();
  }

  @Test
  void shouldDropTheReplyWhenItComesAfterTheDeadline() {
    Exchange dispatched = dispatch(accepted("r1", "one/small"));
    home.advance(Exchanges.TIMEOUT.plusSeconds(1));
    onlyResult();
    home.reply(answered(dispatched, "too late"));
    assertThat(home.results()).isEmpty();
  }

  @Test
  void shouldTryTheFallbackWhenTheErrorAllowsIt() {
    Exchange first = dispatch(accepted("r1", "one/small", "two/big"));
    home.reply(failed(first, ErrorCode.UPSTREAM_ERROR));
    assertThat(home.results()).isEmpty();

    Exchange second = home.dispatchedTo("two", Lane.STANDARD).getFirst();
    assertThat(second.getAttempt()).isEqualTo(2);
    assertThat(second.getRequest().getMessages()).isEqualTo(first.getRequest().getMessages());
    home.reply(answered(second, "from two"));

    CompletionResult result = onlyResult();
    assertThat(textOf(result.getOutcome())).isEqualTo("from two");
    assertThat(result.getProvider()).isEqualTo("two");
    assertThat(result.getAttempts()).hasSize(2);
    assertThat(result.getCostNanos()).isEqualTo(10);
  }

  @Test
  void shouldNotTryTheFallbackWhenTheErrorForbidsIt() {
    Exchange first = dispatch(accepted("r1", "one/small", "two/big"));
    home.reply(failed(first, ErrorCode.UPSTREAM_REJECTED));
    assertThat(codeOf(onlyResult().getOutcome())).isEqualTo("upstream_rejected");
    assertThat(home.pendingFallbacks()).isZero();
  }

  @Test
  void shouldEndWithTheFirstErrorWhenAllFallbacksFail() {
    Exchange first = dispatch(accepted("r1", "one/small", "two/big"));
    home.reply(failed(first, ErrorCode.UPSTREAM_TIMEOUT));
    home.reply(failed(home.dispatched().getFirst(), ErrorCode.UPSTREAM_ERROR));

    CompletionResult result = onlyResult();
    assertThat(codeOf(result.getOutcome())).isEqualTo("upstream_timeout");
    assertThat(result.getAttempts())
        .extracting(attempt -> attempt.getError().getCode())
        .containsExactly("upstream_timeout", "upstream_error");
  }

  @Test
  void shouldSkipAFallbackWhenItsProviderIsUnknown() {
    Exchange first = dispatch(accepted("r1", "one/small", "nobody/none", "two/big"));
    home.reply(failed(first, ErrorCode.UPSTREAM_ERROR));
    assertThat(home.eventTypes()).contains("fallback-skipped", "fallback-started");
    assertThat(home.dispatchedTo("two", Lane.STANDARD)).hasSize(1);
  }

  @Test
  void shouldDropALateReplyOfTheFirstAttemptWhenTheFallbackIsOpen() {
    Exchange first = dispatch(accepted("r1", "one/small", "two/big"));
    home.reply(failed(first, ErrorCode.UPSTREAM_TIMEOUT));
    Exchange second = home.dispatched().getFirst();
    home.reply(answered(first, "late"));
    assertThat(home.results()).isEmpty();
    home.reply(answered(second, "in time"));
    assertThat(textOf(onlyResult().getOutcome())).isEqualTo("in time");
  }

  @Test
  void shouldEndWithModelNotFoundWhenNoProviderAnswersForIt() {
    home.request(accepted("r1", "two/unlisted"));
    CompletionResult result = onlyResult();
    assertThat(codeOf(result.getOutcome())).isEqualTo("model_not_found");
    assertThat(result.getAttempts()).isEmpty();
    assertThat(result.getProvider()).isNull();
  }

  @Test
  void shouldEndWithInternalErrorWhenAReplyHasNoOutcome() {
    home.reply(dispatch(accepted("r1", "one/small")));
    assertThat(codeOf(onlyResult().getOutcome())).isEqualTo("internal_error");
  }

  @Test
  void shouldDeadLetterOnceAndGoOnWhenARecordIsGarbage() {
    home.requestBytes("garbage".getBytes(StandardCharsets.UTF_8));
    home.replyBytes(new byte[] {0, 0, 0, 0, 99, 1});
    home.requestBytes(null);
    home.request(accepted("r1", "one/small"));

    List<TestRecord<String, byte[]>> letters = home.deadLetters();
    assertThat(letters).hasSize(3);
    assertThat(letters.getFirst().value()).asString().isEqualTo("garbage");
    assertThat(text(letters.getFirst().headers().lastHeader(HeaderNames.ORIGIN_TOPIC)))
        .isEqualTo("t.stage.home.requests");
    assertThat(text(letters.getFirst().headers().lastHeader(HeaderNames.ERROR_CODE)))
        .isEqualTo("undecodable");
    assertThat(home.dispatched()).hasSize(1);
  }

  @Test
  void shouldCopyTheRequestsHeadersWhenTheResultIsSent() {
    Exchange request = accepted("r1", "one/small");
    request.setHeaders(List.of(header("trace", "abc"), header("trace", "def")));
    home.reply(answered(dispatch(request), "yes"));

    var headers = home.resultRecords().getFirst().headers();
    assertThat(headers.headers("trace"))
        .extracting(HomeTopologyTest::text)
        .containsExactly("abc", "def");
  }

  @Test
  void shouldGiveTheResultWhateverItsReplyHeadersAre() {
    Exchange request = accepted("r1", "one/small");
    request.setHeaders(
        List.of(
            new HeaderEntry(HeaderNames.SPRING_REPLY_TOPIC, null),
            new HeaderEntry(HeaderNames.SPRING_REPLY_PARTITION, ByteBuffer.allocate(1))));
    home.reply(answered(dispatch(request), "yes"));
    onlyResult();
    assertThat(home.deadLetters()).isEmpty();
  }

  @Test
  void shouldWriteResultsAsJsonTooWhenTheMirrorIsOn() {
    try (HomeDriver mirrored = new HomeDriver(stateDir.resolve("mirror"), true)) {
      mirrored.request(accepted("r1", "one/small"));
      mirrored.reply(answered(mirrored.dispatched().getFirst(), "yes"));
      assertThat(mirrored.records("t.completions-json").getFirst().value())
          .asString()
          .contains("\"requestId\"", "\"r1\"", "yes");
    }
  }

  private Exchange dispatch(Exchange request) {
    home.request(request);
    return home.dispatched().getFirst();
  }

  private CompletionResult onlyResult() {
    List<CompletionResult> results = home.results();
    assertThat(results).hasSize(1);
    return results.getFirst();
  }

  private static Exchange acceptedNow(String id, int hours) {
    Exchange exchange = accepted(id, "one/small");
    long shift = Duration.ofHours(hours).toMillis();
    exchange.setAcceptedAtMillis(exchange.getAcceptedAtMillis() + shift);
    exchange.setDeadlineMillis(exchange.getDeadlineMillis() + shift);
    return exchange;
  }

  private static HeaderEntry header(String key, String value) {
    return new HeaderEntry(key, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(Header header) {
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
