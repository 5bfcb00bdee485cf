package io.millrace.launcher.keys;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.launcher.config.DurationText;
import io.millrace.plugin.model.Lane;
import io.millrace.schemas.access.KeySpec;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what an administrator asks for over HTTP; every fault names its field. */
public final class KeyRequest {

  /** How long the secret before is taken when a rotation does not say. */
  public static final Duration DEFAULT_GRACE = Duration.ofHours(24);

  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "tenant",
          "team",
          "expires_in",
          "expires_at",
          "models",
          "lanes",
          "endpoints",
          "signing");

  private KeyRequest() {}

  /**
   * A new key.
   *
   * @throws IllegalArgumentException when the body is not one
   */
  public static KeySpec create(byte[] body, Instant now) {
    JsonNode fields = object(body, FIELDS);
    return new KeySpec(
        required(fields, "name"),
        required(fields, "tenant"),
        text(fields, "team"),
        end(fields, now),
        texts(fields, "models"),
        lanes(texts(fields, "lanes")),
        texts(fields, "endpoints"),
        flag(fields, "signing"));
  }

  /**
   * The grace of a rotation; an empty body takes the default.
   *
   * @throws IllegalArgumentException when the body is not one
   */
  public static Duration grace(byte[] body) {
    if (body.length == 0) {
      return DEFAULT_GRACE;
    }
    String grace = text(object(body, Set.of("grace")), "grace");
    return grace == null ? DEFAULT_GRACE : duration("grace", grace);
  }

  /**
   * Lanes by their names in lower case.
   *
   * @throws IllegalArgumentException when one is none
   */
  public static Set<Lane> lanes(Set<String> names) {
    Set<Lane> lanes = new HashSet<>();
    for (String name : names) {
      try {
        lanes.add(Lane.valueOf(name.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "lanes: '" + name + "' is not interactive, standard or batch", e);
      }
    }
    return lanes;
  }

  /**
   * When a key ends that lasts for a while.
   *
   * @throws IllegalArgumentException when the text is no duration or is too long
   */
  public static Instant endAfter(String field, String text, Instant now) {
    try {
      return now.plus(duration(field, text));
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(field + ": '" + text + "' is too long", e);
    }
  }

  private static @Nullable Instant end(JsonNode fields, Instant now) {
    String in = text(fields, "expires_in");
    String at = text(fields, "expires_at");
    if (in != null && at != null) {
      throw new IllegalArgumentException("expires_at: give it or expires_in, not both");
    }
    if (in != null) {
      return endAfter("expires_in", in, now);
    }
    try {
      return at == null ? null : Instant.parse(at);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "expires_at: '" + at + "' is not a time such as 2027-01-01T00:00:00Z", e);
    }
  }

  private static Duration duration(String field, String text) {
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode object(byte[] body, Set<String> known) {
    JsonNode fields;
    try {
      fields = KeyJson.parse(body);
    } catch (IOException e) {
      throw new IllegalArgumentException("the body is not JSON", e);
    }
    if (!fields.isObject()) {
      throw new IllegalArgumentException("the body is not a JSON object");
    }
    Set<String> unknown = new TreeSet<>();
    fields.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown fields " + unknown + "; known: " + new TreeSet<>(known));
    }
    return fields;
  }

  private static String required(JsonNode fields, String name) {
    String text = text(fields, name);
    if (text == null) {
      throw new IllegalArgumentException(name + ": is missing");
    }
    return text;
  }

  private static @Nullable String text(JsonNode fields, String name) {
    JsonNode value = fields.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException(name + ": must be a text");
    }
    return value.textValue();
  }

  private static boolean flag(JsonNode fields, String name) {
    JsonNode value = fields.path(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw new IllegalArgumentException(name + ": must be true or false");
    }
    return value.asBoolean();
  }

  private static Set<String> texts(JsonNode fields, String name) {
    JsonNode list = fields.path(name);
    if (list.isMissingNode()) {
      return Set.of();
    }
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode entry : list) {
      texts.add(entry.isTextual() ? entry.textValue() : "");
    }
    if (!list.isArray() || texts.contains("") || texts.isEmpty()) {
      throw new IllegalArgumentException(
          name + ": must be a list of texts; leave it out to allow everything");
    }
    return texts;
  }
}
