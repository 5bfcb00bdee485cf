package io.millrace.schemas.access;

import io.millrace.plugin.model.Lane;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a new key is to be. Immutable.
 *
 * @param name what people call it, 1 to 128 printable characters
 * @param tenant whose it is, 1 to 128 letters, digits and {@code . _ -}
 * @param team the team within the tenant, in the same form, or null
 * @param expiresAt when it ends, or null
 * @param models {@code provider/model}, a bare model or {@code provider/*}; at most 100; empty
 *     allows all
 * @param lanes the lanes it may use; empty allows all
 * @param endpoints paths that begin with a slash; at most 20; empty allows all
 * @param signing whether it may sign records
 */
public record KeySpec(
    String name,
    String tenant,
    @Nullable String team,
    @Nullable Instant expiresAt,
    Set<String> models,
    Set<Lane> lanes,
    Set<String> endpoints,
    boolean signing) {

  private static final int MAX_MODELS = 100;
  private static final int MAX_ENDPOINTS = 20;
  private static final Pattern NAME = Pattern.compile("[\\p{Print}&&[^\\p{Cntrl}]]{1,128}");
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern MODEL = Pattern.compile("[!-~]{1,256}");
  private static final Pattern ENDPOINT = Pattern.compile("/[A-Za-z0-9._/-]{1,127}");

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException when one is exceeded; begins with the field's name
   */
  public KeySpec {
    Objects.requireNonNull(lanes, "lanes");
    check("name", name, NAME, "1 to 128 printable characters");
    check("tenant", tenant, TENANT, "1 to 128 letters, digits and . _ -");
    if (team != null) {
      check("team", team, TENANT, "1 to 128 letters, digits and . _ -");
    }
    models =
        checked(
            "models", models, MODEL, MAX_MODELS, "a model such as openai/gpt-x, gpt-x or openai/*");
    endpoints =
        checked(
            "endpoints", endpoints, ENDPOINT, MAX_ENDPOINTS, "a path such as /v1/chat/completions");
    lanes = Set.copyOf(lanes);
  }

  /** A key that may do everything, for ever. */
  public static KeySpec of(String name, String tenant) {
    return new KeySpec(name, tenant, null, null, Set.of(), Set.of(), Set.of(), false);
  }

  private static Set<String> checked(
      String field, Set<String> values, Pattern form, int max, String right) {
    if (values.size() > max) {
      throw new IllegalArgumentException(
          field + ": has " + values.size() + " entries; at most " + max + " are allowed");
    }
    values.forEach(value -> check(field, value, form, right));
    return Set.copyOf(new TreeSet<>(values));
  }

  private static void check(String field, String value, Pattern form, String right) {
    if (!form.matcher(value).matches()) {
      String shown = value.length() > 40 ? value.substring(0, 40) + "…" : value;
      throw new IllegalArgumentException(
          field + ": '" + shown.replaceAll("\\p{Cntrl}", "?") + "' is not " + right);
    }
  }
}
