package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.model.AvroModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request event in JSON: a chat completions body, or one of embeddings ({@code input} in place of
 * {@code messages}), with or without these fields beside its own.
 *
 * <ul>
 *   <li>{@code requestId}, a string: unique per tenant
 *   <li>{@code tenant}, a string: who asks
 *   <li>{@code lane}: {@code interactive}, {@code standard} (the default) or {@code batch}
 *   <li>{@code timeoutMillis}, a whole number: from acceptance to result
 *   <li>{@code fallbacks}, an array of strings: provider/model pairs
 *   <li>{@code hints}, an object of strings: wishes about single hooks
 * </ul>
 *
 * <p>Which ids, tenants, time-outs and fallbacks are allowed is for admission to say; here their
 * types are checked. Thread-safe.
 */
public final class RequestEventJson {

  private static final String REQUEST_ID = "requestId";
  private static final String TENANT = "tenant";
  private static final String LANE = "lane";
  private static final String TIMEOUT_MILLIS = "timeoutMillis";
  private static final String FALLBACKS = "fallbacks";
  private static final String HINTS = "hints";

  private static final Map<String, Lane> LANES =
      Arrays.stream(Lane.values())
          .collect(Collectors.toUnmodifiableMap(RequestEventJson::wireName, lane -> lane));

  private RequestEventJson() {}

  /**
   * Reads a record value.
   *
   * @throws InvalidBodyException when it is not JSON, or naming the field that is wrong and what is
   *     right
   */
  public static CompletionRequest read(byte[] value) throws InvalidBodyException {
    return read(ChatCompletions.parse(value));
  }

  /**
   * Reads a record value that has been parsed; the tree is not changed.
   *
   * @throws InvalidBodyException naming the field that is wrong and what is right
   */
  public static CompletionRequest read(JsonNode event) throws InvalidBodyException {
    Fields fields = Fields.of(event, "");
    CompletionRequest envelope = new CompletionRequest();
    envelope.setRequestId(fields.text(REQUEST_ID));
    envelope.setTenant(fields.text(TENANT));
    envelope.setLane(lane(fields));
    envelope.setTimeoutMillis(fields.int64(TIMEOUT_MILLIS));
    envelope.setFallbacks(fallbacks(fields));
    envelope.setHints(hints(fields));
    return AvroModel.toAvro(body(fields.unasked()), envelope);
  }

  /**
   * Writes a request event; absent fields are left out.
   *
   * @throws IllegalArgumentException when a field that must hold JSON text does not
   */
  public static ObjectNode write(CompletionRequest request) {
    ObjectNode event = JsonText.object();
    if (request.getRequestId() != null) {
      event.put(REQUEST_ID, request.getRequestId());
    }
    if (request.getTenant() != null) {
      event.put(TENANT, request.getTenant());
    }
    event.put(LANE, wireName(request.getLane()));
    if (request.getTimeoutMillis() != null) {
      event.put(TIMEOUT_MILLIS, request.getTimeoutMillis());
    }
    if (!request.getFallbacks().isEmpty()) {
      request.getFallbacks().forEach(event.putArray(FALLBACKS)::add);
    }
    if (!request.getHints().isEmpty()) {
      request.getHints().forEach(event.putObject(HINTS)::put);
    }
    return event.setAll(ChatCompletions.writeRequest(AvroModel.toModel(request)));
  }

  /** What has an input and no messages is a request for embeddings. */
  private static io.millrace.plugin.model.CompletionRequest body(ObjectNode body)
      throws InvalidBodyException {
    return body.has(EmbeddingsFormat.INPUT) && !body.has("messages")
        ? EmbeddingsFormat.read(body)
        : RequestFormat.read(body);
  }

  static String wireName(Lane lane) {
    return lane.name().toLowerCase(Locale.ROOT);
  }

  private static Lane lane(Fields fields) throws InvalidBodyException {
    @Nullable String name = fields.text(LANE);
    if (name == null) {
      return Lane.STANDARD;
    }
    @Nullable Lane lane = LANES.get(name);
    if (lane == null) {
      throw fields.fault(LANE, "must be interactive, standard or batch, is " + Fields.shown(name));
    }
    return lane;
  }

  private static Map<String, String> hints(Fields fields) throws InvalidBodyException {
    @Nullable JsonNode given = fields.any(HINTS);
    if (given == null) {
      return Map.of();
    }
    if (!given.isObject()) {
      throw Fields.wrongKind(HINTS, "an object", given);
    }
    Map<String, String> hints = new HashMap<>();
    for (Map.Entry<String, JsonNode> hint : given.properties()) {
      hints.put(hint.getKey(), Fields.text(hint.getValue(), HINTS + "." + hint.getKey()));
    }
    return hints;
  }

  private static List<String> fallbacks(Fields fields) throws InvalidBodyException {
    List<String> fallbacks = new ArrayList<>();
    for (JsonNode fallback : fields.elements(FALLBACKS)) {
      fallbacks.add(Fields.text(fallback, FALLBACKS + "[" + fallbacks.size() + "]"));
    }
    return fallbacks;
  }
}
