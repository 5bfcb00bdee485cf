package io.millrace.plugin.tck;

import static io.millrace.plugin.provider.FailureClass.CONNECTION;
import static io.millrace.plugin.provider.FailureClass.INVALID_RESPONSE;
import static io.millrace.plugin.provider.FailureClass.KEY_REJECTED;
import static io.millrace.plugin.provider.FailureClass.RATE_LIMITED;
import static io.millrace.plugin.provider.FailureClass.REQUEST_REJECTED;
import static io.millrace.plugin.provider.FailureClass.SERVER_ERROR;
import static io.millrace.plugin.provider.FailureClass.TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every provider that calls over HTTP keeps to, tried on a server that follows a script:
 * answers, every class of failure, limits of time and length, and that the key goes nowhere else.
 * What concerns streams is in {@link HttpStreamTck}.
 */
public abstract class HttpProviderTck extends ProviderTck {

  private static final Map<Integer, FailureClass> CLASSES =
      Map.ofEntries(
          Map.entry(202, REQUEST_REJECTED),
          Map.entry(307, REQUEST_REJECTED),
          Map.entry(400, REQUEST_REJECTED),
          Map.entry(401, KEY_REJECTED),
          Map.entry(402, KEY_REJECTED),
          Map.entry(403, KEY_REJECTED),
          Map.entry(404, REQUEST_REJECTED),
          Map.entry(408, TIMEOUT),
          Map.entry(413, REQUEST_REJECTED),
          Map.entry(422, REQUEST_REJECTED),
          Map.entry(429, RATE_LIMITED),
          Map.entry(500, SERVER_ERROR),
          Map.entry(502, SERVER_ERROR),
          Map.entry(503, SERVER_ERROR),
          Map.entry(504, SERVER_ERROR),
          Map.entry(529, SERVER_ERROR));

  static final Duration LONG = Duration.ofSeconds(30);
  static final Duration SHORT = Duration.ofMillis(150);

  /** Past this, a short limit was not kept. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private @Nullable ScriptedServer calm;

  /** For subclasses. */
  protected HttpProviderTck() {}

  /** Settings of a provider that calls this address and keeps these limits. */
  protected abstract Map<String, Object> settings(URI baseUrl, HttpLimits limits);

  /** What a server of its kind says. */
  protected abstract HttpDialogue dialogue();

  @Override
  protected final List<Map<String, Object>> settings() {
    if (calm == null) {
      calm = Scripts.answering(dialogue());
    }
    return List.of(settings(URI.create(calm.baseUrl()), HttpLimits.WIDE));
  }

  @AfterEach
  void closeServer() throws IOException {
    if (calm != null) {
      calm.close();
    }
  }

  @Test
  void shouldReadAGoodAnswer() throws Exception {
    try (ScriptedServer server = Scripts.answering(dialogue())) {
      ProviderReply.Success reply =
          assertInstanceOf(ProviderReply.Success.class, call(server, HttpLimits.WIDE, LONG));
      assertEquals(dialogue().text(), reply.completion().text());
      assertEquals(dialogue().usage(), reply.completion().usage());
      assertEquals(200, reply.httpStatus());
      assertTrue(
          server.requests().getFirst().headers().values().stream()
              .anyMatch(value -> value.contains(SECRET)),
          "the key must be sent in a header");
    }
  }

  @Test
  void shouldClassifyEveryStatus() throws Exception {
    for (Map.Entry<Integer, FailureClass> expected : CLASSES.entrySet()) {
      String echo = "{\"error\":{\"message\":\"you sent %s\"}}".formatted(SECRET);
      try (ScriptedServer server = ScriptedServer.answering(expected.getKey(), "", echo)) {
        ProviderReply.Failure reply = failure(call(server, HttpLimits.WIDE, LONG));
        assertEquals(expected.getValue(), reply.failure(), "status " + expected.getKey());
        assertEquals(expected.getKey(), reply.httpStatus());
      }
    }
  }

  @Test
  void shouldPassOnWhenToTryAgain() throws Exception {
    assertEquals(Duration.ofSeconds(7), retryAfter("7"));
    Duration until =
        retryAfter(
            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(90)));
    assertNotNull(until, "Retry-After may be a date");
    assertTrue(until.toSeconds() >= 30 && until.toSeconds() <= 90, "until a date: " + until);
  }

  @Test
  void shouldTimeOutWhenTheServerSaysNothing() throws Exception {
    try (ScriptedServer server = Scripts.silent()) {
      assertTimesOut(server, HttpLimits.WIDE, SHORT);
      assertTimesOut(server, HttpLimits.WIDE.withFirstByte(SHORT), LONG);
    }
  }

  @Test
  void shouldTimeOutWhenTheAnswerStops() throws Exception {
    try (ScriptedServer server = Scripts.stopping(dialogue().reply())) {
      assertTimesOut(server, HttpLimits.WIDE.withIdle(SHORT), LONG);
    }
  }

  @Test
  void shouldTimeOutWhenTheAnswerDrips() throws Exception {
    try (ScriptedServer server = Scripts.dripping(dialogue().reply())) {
      assertTimesOut(server, HttpLimits.WIDE, SHORT);
    }
  }

  @Test
  void shouldGiveUpWhenInterrupted() throws Exception {
    try (ScriptedServer server = Scripts.silent();
        Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
      Interruption.assertPrompt(
          server, () -> provider.complete(request("1", Duration.ofMinutes(5))));
    }
  }

  @Test
  void shouldRefuseAnAnswerThatIsTooLong() throws Exception {
    String huge = dialogue().reply() + " ".repeat(100_000);
    try (ScriptedServer server = ScriptedServer.answering(200, Scripts.JSON, huge)) {
      ProviderReply reply = call(server, HttpLimits.WIDE.withMaxBytes(50_000), LONG);
      assertEquals(INVALID_RESPONSE, failure(reply).failure());
    }
  }

  @Test
  void shouldCallItInvalidWhenItIsNoAnswer() throws Exception {
    String good = dialogue().reply();
    for (String bad : List.of("", "{", "[]", "{}", "null", good.substring(0, good.length() - 1))) {
      try (ScriptedServer server = ScriptedServer.answering(200, Scripts.JSON, bad)) {
        ProviderReply reply = call(server, HttpLimits.WIDE, LONG);
        assertEquals(INVALID_RESPONSE, failure(reply).failure(), "the body " + bad);
      }
    }
  }

  @Test
  void shouldCallItAConnectionFaultWhenThereIsNoAnswer() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertConnectionFault("http://127.0.0.1:" + port);
    for (ScriptedServer script : Scripts.hangingUp(dialogue().reply())) {
      try (ScriptedServer server = script) {
        assertConnectionFault(server.baseUrl());
      }
    }
  }

  @Test
  void shouldCallItAConnectionFaultWhenTheServerSpeaksNoTls() throws Exception {
    try (ScriptedServer server = Scripts.answering(dialogue())) {
      assertConnectionFault(server.baseUrl().replace("http:", "https:"));
      assertTrue(
          server.requests().stream().noneMatch(request -> request.toString().contains(SECRET)),
          "the key must not be sent in the clear");
    }
  }

  @Test
  void shouldGiveUpWhenNoConnectionComesAbout() throws Exception {
    try (DeafListener listener = DeafListener.full()) {
      assumeTrue(listener.fill(), "this system's connections cannot be made to hang");
      assertNoConnectionInTime(listener.baseUrl("http"));
    }
  }

  @Test
  void shouldGiveUpWhenTheTlsHandshakeHangs() throws Exception {
    try (DeafListener listener = DeafListener.silent()) {
      assertNoConnectionInTime(listener.baseUrl("https"));
    }
  }

  @Test
  void shouldNotFollowARedirect() throws Exception {
    try (ScriptedServer thief = Scripts.answering(dialogue());
        ScriptedServer server =
            ScriptedServer.answering(307, "Location: " + thief.baseUrl() + "\r\n", "")) {
      failure(call(server, HttpLimits.WIDE, LONG));
      assertEquals(List.of(), thief.requests(), "the key must not follow a redirect");
    }
  }

  @Test
  void shouldUseConnectionsAgain() throws Exception {
    try (ScriptedServer server = Scripts.answering(dialogue());
        Provider provider = provider(server.baseUrl(), HttpLimits.WIDE)) {
      for (int i = 0; i < 5; i++) {
        assertInstanceOf(ProviderReply.Success.class, provider.complete(request("1", LONG)));
      }
      assertEquals(1, server.connections(), "connections");
    }
  }

  final Provider provider(String baseUrl, HttpLimits limits) {
    return factory().create("sample", settings(URI.create(baseUrl), limits));
  }

  static ProviderReply.Failure failure(ProviderReply reply) {
    return checked(assertInstanceOf(ProviderReply.Failure.class, reply));
  }

  private ProviderReply call(ScriptedServer server, HttpLimits limits, Duration timeout)
      throws InterruptedException {
    try (Provider provider = provider(server.baseUrl(), limits)) {
      return checked(provider.complete(request("1", timeout)));
    }
  }

  private @Nullable Duration retryAfter(String header) throws Exception {
    String headers = "Retry-After: " + header + "\r\n";
    try (ScriptedServer server = ScriptedServer.answering(429, headers, "{}")) {
      return failure(call(server, HttpLimits.WIDE, LONG)).error().retryAfter();
    }
  }

  private void assertTimesOut(ScriptedServer server, HttpLimits limits, Duration timeout)
      throws InterruptedException {
    long start = System.nanoTime();
    assertEquals(TIMEOUT, failure(call(server, limits, timeout)).failure());
    assertInTime(start);
  }

  private static void assertInTime(long start) {
    long nanos = System.nanoTime() - start;
    assertTrue(nanos < PATIENCE.toNanos(), "took %d ms".formatted(nanos / 1_000_000));
  }

  private void assertNoConnectionInTime(String baseUrl) throws InterruptedException {
    long start = System.nanoTime();
    assertConnectionFault(baseUrl, HttpLimits.WIDE.withConnect(SHORT));
    assertInTime(start);
  }

  private void assertConnectionFault(String baseUrl) throws InterruptedException {
    assertConnectionFault(baseUrl, HttpLimits.WIDE);
  }

  private void assertConnectionFault(String baseUrl, HttpLimits limits)
      throws InterruptedException {
    try (Provider provider = provider(baseUrl, limits)) {
      ProviderReply.Failure reply = failure(provider.complete(request("1", LONG)));
      assertEquals(CONNECTION, reply.failure(), reply.error().message());
    }
  }
}
