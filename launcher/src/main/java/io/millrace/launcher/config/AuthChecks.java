package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugins.schema.ConfigFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What would make credentials worthless, though each setting for itself is right. */
final class AuthChecks {

  private static final Pattern LOOPBACK =
      Pattern.compile("http://(localhost|127\\.0\\.0\\.1|\\[::1])([:/].*)?");
  private static final String NAME = "auth";
  private static final String BUILT_IN = "builtin";

  private final ObjectNode effective;
  private final List<ConfigFault> faults = new ArrayList<>();

  /** Checks of a tree that keeps to the schema and has its defaults. */
  AuthChecks(ObjectNode effective) {
    this.effective = effective;
  }

  /** Everything that is wrong. */
  List<ConfigFault> faults() {
    JsonNode auth = effective.path("auth");
    Duration skew = duration(auth, "clock_skew");
    Duration age = duration(auth, "signature_max_age");
    Duration remembered = duration(effective.path("home"), "dedup_window");
    if (skew.compareTo(Duration.ofHours(1)) > 0) {
      fault("auth.clock_skew", "must be at most 1h");
    }
    if (age.isZero() || age.plus(skew).compareTo(remembered) >= 0) {
      fault(
          "auth.signature_max_age",
          "must be positive and, with clock_skew, less than home.dedup_window (%s): a signed record"
                  .formatted(effective.path("home").path("dedup_window").asText())
              + " could be sent again when its id is forgotten");
    }
    String jwks = auth.path("jwt").path("jwks").asText();
    if (jwks.startsWith("http:") && !LOOPBACK.matcher(jwks).matches()) {
      fault("auth.jwt.jwks", "must be an https address: who changes it on its way signs tokens");
    }
    if (auth.path("required").asBoolean() && !hasAuthHook()) {
      fault(
          "auth.required",
          "is true, but the chain has no auth hook to ask what a key may do: add {name: auth} to"
              + " plugins");
    }
    return faults;
  }

  private boolean hasAuthHook() {
    for (JsonNode plugin : effective.path("plugins")) {
      String name = plugin.path("name").asText();
      String source = plugin.path("source").asText(BUILT_IN);
      boolean builtIn =
          source.equals(BUILT_IN) ? name.equals(NAME) : source.equals(BUILT_IN + ":" + NAME);
      if (builtIn && plugin.path("enabled").asBoolean(true)) {
        return true;
      }
    }
    return false;
  }

  private static Duration duration(JsonNode section, String key) {
    return DurationText.parse(section.path(key).asText());
  }

  private void fault(String path, String message) {
    faults.add(new ConfigFault(path, message));
  }
}
