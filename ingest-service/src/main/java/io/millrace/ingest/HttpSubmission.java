package io.millrace.ingest;

import io.javalin.http.Context;
import io.millrace.schemas.avro.HeaderEntry;
import io.millrace.schemas.avro.Lane;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what the headers of an HTTP call say about its request. */
final class HttpSubmission {

  static final String TENANT = "X-Millrace-Tenant";
  static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  static final String LANE = "X-Millrace-Lane";
  static final String DEADLINE_MILLIS = "X-Millrace-Deadline-Ms";
  static final String FALLBACKS = "X-Millrace-Fallbacks";
  static final String REQUEST_ID = "X-Request-ID";
  static final String CACHE = "X-Millrace-Cache";
  static final String CACHE_TTL = "X-Millrace-Cache-TTL";

  /** Headers that travel with the exchange and come out with its result. */
  private static final List<String> CARRIED = List.of(REQUEST_ID, "traceparent", "tracestate");

  private static final Map<String, String> HINTS = Map.of(CACHE, "cache", CACHE_TTL, "cache-ttl");

  private static final int MAX_CARRIED_CHARS = 512;
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]{1,256}");

  private final Supplier<String> ids;

  HttpSubmission(Supplier<String> ids) {
    this.ids = ids;
  }

  /** The submission of a call, in a lane unless its headers or its body say otherwise. */
  Submission read(Context call, @Nullable Lane defaultLane, long sizeBytes)
      throws RefusedException {
    String lane = call.header(LANE);
    String deadline = call.header(DEADLINE_MILLIS);
    String fallbacks = call.header(FALLBACKS);
    return Submission.of(ids.get(), sizeBytes)
        .withRequestId(call.header(IDEMPOTENCY_KEY))
        .withTenant(call.header(TENANT))
        .withLane(lane == null ? defaultLane : HeaderValues.lane(LANE, lane))
        .withTimeout(deadline == null ? null : HeaderValues.millis(DEADLINE_MILLIS, deadline))
        .withFallbacks(fallbacks == null ? null : HeaderValues.fallbacks(fallbacks))
        .withHints(hints(call))
        .withHeaders(carried(call));
  }

  /** Headers that are wishes about single hooks. */
  private static Map<String, String> hints(Context call) {
    Map<String, String> hints = new HashMap<>();
    HINTS.forEach(
        (header, hint) -> {
          String value = call.header(header);
          if (value != null) {
            hints.put(hint, value);
          }
        });
    return hints;
  }

  /** The caller's own id for the call, where it is one that may stand in a header. */
  static @Nullable String callersId(Context call) {
    String id = call.header(REQUEST_ID);
    return id != null && PRINTABLE.matcher(id).matches() ? id : null;
  }

  private static List<HeaderEntry> carried(Context call) {
    List<HeaderEntry> entries = new ArrayList<>();
    for (String name : CARRIED) {
      String value = call.header(name);
      if (value != null && value.length() <= MAX_CARRIED_CHARS) {
        entries.add(new HeaderEntry(name, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8))));
      }
    }
    return entries;
  }
}
