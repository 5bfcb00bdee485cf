package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingest.access.AccessSettings;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.access.AuthSecret;
import io.millrace.schemas.access.IssuedKey;
import io.millrace.schemas.access.KeyIssuer;
import io.millrace.schemas.access.KeySpec;
import io.millrace.schemas.access.KeyVerifier;
import io.millrace.schemas.avro.Exchange;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys at the edge. */
class HttpAccessTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String AUTHORIZATION = "Authorization";
  private static final AuthSecret SECRET = AuthSecret.of("0123456789abcdef0123456789abcdef");

  private final KeyIssuer issuer = new KeyIssuer(SECRET, new Random(3));
  private final IssuedKey all = key(Set.of());
  private final IssuedKey chatOnly = key(Set.of(CHAT));
  private final IssuedKey revoked = key(Set.of());
  private final KeyVerifier keys =
      KeyVerifier.ofFixed(
          SECRET,
          List.of(
              all.record(), chatOnly.record(), KeyIssuer.revoke(revoked.record(), Instant.now())));
  private final AccessSettings open = AccessSettings.open().withSecret(SECRET);
  private final HttpFixture optional = fixture(open);
  private final HttpFixture required = fixture(open.asRequired());

  @AfterEach
  void close() {
    optional.close();
    required.close();
  }

  @Test
  void shouldTakeTheTenantFromTheKeyAndSayWhoSends() throws Exception {
    assertThat(chat(required, all.key()).statusCode()).isEqualTo(200);
    Exchange exchange = required.published.getFirst();
    assertThat(exchange.getTenant()).isEqualTo("acme");
    assertThat(exchange.getExchangeId()).startsWith("acme/");
    assertThat(exchange.getCaller().getKind()).isEqualTo("key");
    assertThat(exchange.getCaller().getId()).isEqualTo(all.record().getId());
    assertThat(exchange.getCaller().getTeam()).isEqualTo("search");
    String secret = all.key().substring(all.key().lastIndexOf('_') + 1);
    assertThat(exchange.toString()).doesNotContain(secret);
  }

  @Test
  void shouldSayTheSameWhateverIsWrong() throws Exception {
    HttpResponse<String> missing = required.post(CHAT, Requests.chatBody("x"));
    assertThat(missing.statusCode()).isEqualTo(401);
    assertThat(missing.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    String wrongSecret = all.key().substring(0, all.key().length() - 1) + "g";
    String otherSecret =
        all.key().substring(0, all.key().length() - 4)
            + (all.key().endsWith("0000") ? "1111" : "0000");
    String unknown = "mr_aaaabbbbcccc_" + "0".repeat(64);
    for (String bad :
        List.of(
            wrongSecret, otherSecret, unknown, revoked.key(), "mr_", "mrs_x", "sk-abc", "a.b.c")) {
      HttpResponse<String> refused = chat(required, bad);
      assertThat(refused.statusCode()).as(bad).isEqualTo(401);
      assertThat(refused.body()).isEqualTo(missing.body());
    }
    assertThat(required.published).isEmpty();
    assertThat(
            required.post(CHAT, Requests.chatBody("x"), AUTHORIZATION, "Basic YTpi").statusCode())
        .isEqualTo(401);
  }

  @Test
  void shouldAskForTheCredentialOnEveryEndpoint() throws Exception {
    for (String path : List.of("/v1/models", "/v1/models/a/b", "/v1/requests/r", "/v1/none")) {
      assertThat(required.get(path).statusCode()).as(path).isEqualTo(401);
    }
    assertThat(required.post("/v1/requests", Requests.chatBody("x")).statusCode()).isEqualTo(401);
    for (String path : List.of("/v1/", "/v1//chat/completions", "/v1/%63hat/completions")) {
      assertThat(required.post(path, Requests.chatBody("x")).statusCode())
          .as(path)
          .isNotEqualTo(200);
    }
    assertThat(required.published).isEmpty();
    assertThat(required.get("/healthz").statusCode()).isEqualTo(200);
    assertThat(required.get("/internal/results/acme/r").statusCode()).isEqualTo(401);
  }

  @Test
  void shouldLetAnonymousInWhereNothingIsRequiredButNoWrongKey() throws Exception {
    assertThat(optional.post(CHAT, Requests.chatBody("x")).statusCode()).isEqualTo(200);
    assertThat(optional.published.getFirst().getCaller()).isNull();
    assertThat(chat(optional, "sk-not-for-us").statusCode()).isEqualTo(200);
    assertThat(chat(optional, all.key()).statusCode()).isEqualTo(200);
    assertThat(chat(optional, revoked.key()).statusCode()).isEqualTo(401);
    assertThat(chat(optional, "mrs_signing_key").statusCode()).isEqualTo(401);
  }

  @Test
  void shouldForbidAnotherTenantThanTheKeys() throws Exception {
    assertThat(
            required
                .post(CHAT, Requests.chatBody("x"), bearer(all, "X-Millrace-Tenant", "other"))
                .statusCode())
        .isEqualTo(403);
    String body = Requests.chatBody("x").replaceFirst("\\{", "{\"tenant\":\"other\",");
    assertThat(required.post("/v1/requests", body, bearer(all)).statusCode()).isEqualTo(403);
    String own = Requests.chatBody("x").replaceFirst("\\{", "{\"tenant\":\"acme\",");
    assertThat(required.post("/v1/requests", own, bearer(all)).statusCode()).isEqualTo(202);
  }

  @Test
  void shouldShowATenantItsOwnRequestsOnly() throws Exception {
    required.knows(Requests.echo(Requests.exchange("acme", "mine")));
    required.knows(Requests.echo(Requests.exchange("other", "theirs")));
    assertThat(required.get("/v1/requests/mine", bearer(all)).statusCode()).isEqualTo(200);
    assertThat(required.get("/v1/requests/theirs", bearer(all)).statusCode()).isEqualTo(404);
    assertThat(
            required
                .get("/v1/requests/theirs", bearer(all, "X-Millrace-Tenant", "other"))
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void shouldHoldAKeyToItsEndpoints() throws Exception {
    assertThat(chat(required, chatOnly.key()).statusCode()).isEqualTo(200);
    assertThat(required.get("/v1/models", bearer(chatOnly)).statusCode()).isEqualTo(403);
    assertThat(required.get("/v1/chat/completionsx", bearer(chatOnly)).statusCode()).isEqualTo(403);
  }

  @Test
  void shouldListTheModelsThatAKeyMayUse() throws Exception {
    List<ModelInfo> models =
        List.of(
            new ModelInfo("sim/a", "sim"),
            new ModelInfo("sim/b", "sim"),
            new ModelInfo("hf/org/b", "hf"),
            new ModelInfo("fast", "hf", List.of(new Target("hf", "c"), new Target("sim", "a"))),
            new ModelInfo("slow", "hf", List.of(new Target("hf", "c"))));
    IssuedKey simulated = keyFor("sim/*");
    IssuedKey bare = keyFor("b");
    KeyVerifier verifier =
        KeyVerifier.ofFixed(SECRET, List.of(simulated.record(), bare.record(), all.record()));
    try (HttpFixture http =
        new HttpFixture(
            IngestConfig.defaults().withAccess(open).withModels(models),
            new SimpleMeterRegistry(),
            verifier)) {
      assertThat(listed(http, bearer(simulated))).containsExactly("sim/a", "sim/b", "fast");
      assertThat(listed(http, bearer(bare))).containsExactly("sim/b");
      assertThat(listed(http, bearer(all))).hasSize(5);
      assertThat(listed(http)).hasSize(5);
      assertThat(http.get("/v1/models/sim/a", bearer(simulated)).statusCode()).isEqualTo(200);
      assertThat(http.get("/v1/models/hf/org/b", bearer(simulated)).statusCode()).isEqualTo(404);
      assertThat(http.get("/v1/models/slow", bearer(simulated)).statusCode()).isEqualTo(404);
    }
  }

  private static List<String> listed(HttpFixture http, String... headers) throws Exception {
    return HttpFixture.json(http.get("/v1/models", headers)).at("/data").findValuesAsText("id");
  }

  @Test
  void shouldNotRefuseAGoodKeyWhileTheKeysAreBeingRead() throws Exception {
    required.keysKnown = false;
    HttpResponse<String> early = chat(required, all.key());
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void shouldProveToAPeerThatItBelongsHere() {
    InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z"));
    Duration skew = Duration.ofMinutes(5);
    PeerProof proof = new PeerProof(SECRET, skew, clock);
    String header = proof.of("acme", "r").orElseThrow();
    assertThat(proof.holds(header, "acme", "r")).isTrue();
    assertThat(proof.holds(header, "acme", "other")).isFalse();
    assertThat(proof.holds(null, "acme", "r")).isFalse();
    assertThat(proof.holds("1:2", "acme", "r")).isFalse();
    InstantSource later = InstantSource.fixed(clock.instant().plus(skew).plusMillis(1));
    assertThat(new PeerProof(SECRET, skew, later).holds(header, "acme", "r")).isFalse();
  }

  private static HttpFixture fixtureOf(AccessSettings settings, KeyVerifier keys) {
    return new HttpFixture(
        IngestConfig.defaults().withAccess(settings), new SimpleMeterRegistry(), keys);
  }

  private HttpFixture fixture(AccessSettings settings) {
    return fixtureOf(settings, keys);
  }

  private IssuedKey keyFor(String model) {
    return issuer.create(
        new KeySpec("k", "acme", "search", null, Set.of(model), Set.of(), Set.of(), false),
        Instant.now());
  }

  private IssuedKey key(Set<String> endpoints) {
    return issuer.create(
        new KeySpec("k", "acme", "search", null, Set.of(), Set.of(), endpoints, false),
        Instant.now());
  }

  private static HttpResponse<String> chat(HttpFixture http, String credential) throws Exception {
    return http.post(CHAT, Requests.chatBody("x"), AUTHORIZATION, "Bearer " + credential);
  }

  private static String[] bearer(IssuedKey key, String... more) {
    String[] headers = new String[2 + more.length];
    headers[0] = AUTHORIZATION;
    headers[1] = "bearer " + key.key();
    System.arraycopy(more, 0, headers, 2, more.length);
    return headers;
  }
}
