package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RequestIdsTest {

  @Test
  void shouldDeriveTheSameIdWhenTheRecordIsTheSame() {
    assertThat(RequestIds.ofRecord("millrace.requests", 3, 1042, 1_700_000_000_000L))
        .isEqualTo(RequestIds.ofRecord("millrace.requests", 3, 1042, 1_700_000_000_000L))
        .startsWith("millrace.requests-3-1042-");
  }

  @Test
  void shouldDeriveAnotherIdWhenTheTopicWasMadeAnew() {
    assertThat(RequestIds.ofRecord("t", 0, 0, 1)).isNotEqualTo(RequestIds.ofRecord("t", 0, 0, 2));
  }

  @Test
  void shouldStayWithinTheBoundsOfIdsWhenEverythingIsLong() {
    String id =
        RequestIds.ofRecord("t".repeat(249), Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    assertThat(Admission.REQUEST_ID.matcher(id).matches()).isTrue();
  }

  @Test
  void shouldMakeVersion7IdsInOrderWhenTimePasses() {
    Instant now = Instant.ofEpochMilli(1_700_000_000_000L);
    UUID early = idAt(now);
    UUID late = idAt(now.plusMillis(1));

    assertThat(early.version()).isEqualTo(7);
    assertThat(early.variant()).isEqualTo(2);
    assertThat(early.getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
    assertThat(early.toString()).isLessThan(late.toString());
  }

  private static UUID idAt(Instant instant) {
    return UUID.fromString(
        RequestIds.inOrderOfTime(InstantSource.fixed(instant), new Random(1)).get());
  }

  @Test
  void shouldNotRepeatAnIdWhenManyAreMade() {
    Supplier<String> ids = RequestIds.inOrderOfTime();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(seen.add(ids.get())).isTrue();
    }
  }
}
