package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.access.AccessSettings;
import io.millrace.ingest.access.Credentials;
import io.millrace.schemas.access.AuthSecret;
import io.millrace.schemas.access.IssuedKey;
import io.millrace.schemas.access.KeyIssuer;
import io.millrace.schemas.access.KeySpec;
import io.millrace.schemas.access.KeyVerifier;
import io.millrace.schemas.access.RecordSignature;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.topic.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures of records, in the topology. */
class SignedRecordsTest {

  private static final AuthSecret SECRET = AuthSecret.of("0123456789abcdef0123456789abcdef");
  private static final String NONCE = "nonce-0123456789";
  private static final long NOW_MILLIS = TopologyFixture.NOW.toEpochMilli();

  private final IssuedKey key =
      new KeyIssuer(SECRET, new Random(5))
          .create(
              new KeySpec("s", "acme", null, null, Set.of(), Set.of(), Set.of(), true),
              TopologyFixture.NOW);
  private final AccessSettings optional = AccessSettings.open().withSecret(SECRET);
  @TempDir private Path folder;

  @Test
  void shouldRunASignedRecordInItsSignersName() {
    try (TopologyFixture topology = topology(optional.asRequired())) {
      topology.send(body(""), signed(body(""), NOW_MILLIS));
      Exchange exchange = topology.home.readValue();
      assertThat(exchange.getTenant()).isEqualTo("acme");
      assertThat(exchange.getRequestId()).isEqualTo(NONCE);
      assertThat(exchange.getCaller().getId()).isEqualTo(key.record().getId());
      assertThat(exchange.getHeaders()).isEmpty();
      assertThat(topology.deadLetters.isEmpty()).isTrue();
    }
  }

  @Test
  void shouldRefuseUnsignedRecordsOnlyWhereRequired() {
    try (TopologyFixture topology = topology(optional)) {
      topology.send(body(""));
      assertThat(topology.home.readValue().getCaller()).isNull();
    }
    try (TopologyFixture topology = topology(optional.asRequired())) {
      topology.send(body(""));
      assertRefused(topology, "unauthenticated");
    }
  }

  @Test
  void shouldSayTheSameOfEverySignatureThatIsWrong() {
    try (TopologyFixture topology = topology(optional)) {
      byte[] other = body("\"temperature\":1,");
      topology.send(other, signed(body(""), NOW_MILLIS));
      topology.send(body(""), signed(body(""), NOW_MILLIS - Duration.ofHours(2).toMillis()));
      topology.send(body(""), signed(body(""), NOW_MILLIS + Duration.ofMinutes(6).toMillis()));
      String[] incomplete = signed(body(""), NOW_MILLIS);
      incomplete[6] = "other";
      topology.send(body(""), incomplete);
      String[] twice = plus(signed(body(""), NOW_MILLIS), HeaderNames.NONCE, "nonce-9876543210");
      topology.send(body(""), twice);
      String[] noNumber = signed(body(""), NOW_MILLIS);
      noNumber[3] = "yesterday";
      topology.send(body(""), noNumber);
      Set<String> messages = new java.util.HashSet<>();
      for (int i = 0; i < 6; i++) {
        messages.add(assertRefused(topology, "unauthenticated"));
      }
      assertThat(messages).hasSize(1);
      assertThat(topology.home.isEmpty()).isTrue();
    }
  }

  @Test
  void shouldHoldTheRequestToTheNonce() {
    try (TopologyFixture topology = topology(optional)) {
      byte[] sameId = body("\"requestId\":\"" + NONCE + "\",");
      topology.send(sameId, signed(sameId, NOW_MILLIS));
      assertThat(topology.home.readValue().getRequestId()).isEqualTo(NONCE);
      byte[] otherId = body("\"requestId\":\"another\",");
      topology.send(otherId, signed(otherId, NOW_MILLIS));
      assertRefused(topology, "invalid_request");
      topology.send(
          body(""), plus(signed(body(""), NOW_MILLIS), HeaderNames.REQUEST_ID, "another"));
      assertRefused(topology, "invalid_request");
    }
  }

  @Test
  void shouldRefuseWhatTheSignatureDoesNotCover() {
    try (TopologyFixture topology = topology(optional)) {
      topology.send(body(""), plus(signed(body(""), NOW_MILLIS), HeaderNames.LANE, "interactive"));
      assertThat(assertRefused(topology, "invalid_request")).contains("not covered");
      topology.send(body(""), plus(signed(body(""), NOW_MILLIS), HeaderNames.TENANT, "other"));
      assertRefused(topology, "forbidden");
      byte[] otherTenant = body("\"tenant\":\"other\",");
      topology.send(otherTenant, signed(otherTenant, NOW_MILLIS));
      assertRefused(topology, "forbidden");
    }
  }

  @Test
  void shouldWaitForTheKeysInsteadOfRefusing() {
    AtomicInteger asked = new AtomicInteger();
    Credentials slow =
        Credentials.of(
            optional,
            KeyVerifier.ofFixed(SECRET, List.of(key.record())),
            () -> asked.incrementAndGet() > 2);
    try (TopologyFixture topology =
        new TopologyFixture(folder.resolve("slow"), new InMemorySchemaRegistry(), slow)) {
      topology.send(body(""), signed(body(""), NOW_MILLIS));
      assertThat(topology.home.readValue().getRequestId()).isEqualTo(NONCE);
      assertThat(topology.pauses).hasSize(2);
    }
  }

  private TopologyFixture topology(AccessSettings settings) {
    return new TopologyFixture(
        folder.resolve("state"),
        new InMemorySchemaRegistry(),
        Credentials.of(settings, KeyVerifier.ofFixed(SECRET, List.of(key.record())), () -> true));
  }

  private static String assertRefused(TopologyFixture topology, String code) {
    TestRecord<byte[], byte[]> letter = topology.deadLetters.readRecord();
    assertThat(header(letter, HeaderNames.ERROR_CODE)).isEqualTo(code);
    return header(letter, HeaderNames.ERROR_MESSAGE);
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(
        Objects.requireNonNull(record.headers().lastHeader(name)).value(), StandardCharsets.UTF_8);
  }

  private static byte[] body(String fields) {
    return Requests.chatBody("hello")
        .replaceFirst("\\{", "{" + fields)
        .getBytes(StandardCharsets.UTF_8);
  }

  private String[] signed(byte[] value, long atMillis) {
    RecordSignature signature =
        RecordSignature.sign(
            Objects.requireNonNull(key.signingKey()), key.record().getId(), atMillis, NONCE, value);
    return new String[] {
      HeaderNames.KEY_ID,
      signature.keyId(),
      HeaderNames.TIMESTAMP,
      Long.toString(atMillis),
      HeaderNames.NONCE,
      NONCE,
      HeaderNames.SIGNATURE,
      signature.signature()
    };
  }

  private static String[] plus(String[] headers, String... more) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
