package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.ConfigPath;
import io.millrace.workers.gate.CircuitSetting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks what the schema cannot say of how a provider is called. */
final class CallChecks {

  private static final Duration LEAST_WINDOW = Duration.ofSeconds(1);
  private static final Duration LEAST = Duration.ofMillis(1);

  private final String path;
  private final JsonNode provider;
  private final List<ConfigFault> faults = new ArrayList<>();

  /** Checks of one provider's section, with every default filled in. */
  CallChecks(String path, JsonNode provider) {
    this.path = path;
    this.provider = provider;
  }

  List<ConfigFault> faults() {
    JsonNode timeouts = provider.path("timeouts");
    timeouts
        .fieldNames()
        .forEachRemaining(
            model ->
                check(
                    ConfigPath.member(path + ".timeouts", model),
                    timeouts.path(model).asText(),
                    LEAST,
                    null));
    checkCircuit(path + ".circuit", provider.path("circuit"));
    String after = provider.path("hedge").path("after").asText();
    if (!after.equals("p95")) {
      check(path + ".hedge.after", after, LEAST, null);
    }
    return faults;
  }

  private void checkCircuit(String at, JsonNode circuit) {
    Duration most = CircuitSetting.MAX_TIME;
    check(at + ".window", circuit.path("window").asText(), LEAST_WINDOW, most);
    check(at + ".open_for", circuit.path("open_for").asText(), LEAST, most);
    check(at + ".max_open_for", circuit.path("max_open_for").asText(), LEAST, most);
    check(at + ".recovery_step", circuit.path("recovery_step").asText(), LEAST, most);
    Duration first = DurationText.parse(circuit.path("open_for").asText());
    if (first.compareTo(DurationText.parse(circuit.path("max_open_for").asText())) > 0) {
      faults.add(
          new ConfigFault(
              at + ".open_for", "is longer than max_open_for: lower it, or raise that"));
    }
  }

  private void check(String at, String text, Duration least, @Nullable Duration most) {
    Duration value = DurationText.parse(text);
    if (value.compareTo(least) < 0) {
      faults.add(new ConfigFault(at, "must be at least " + text(least)));
    } else if (most != null && value.compareTo(most) > 0) {
      faults.add(new ConfigFault(at, "must be at most " + text(most)));
    }
  }

  private static String text(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + "ms";
    }
    return duration.compareTo(Duration.ofHours(1)) < 0
        ? duration.toSeconds() + "s"
        : duration.toHours() + "h";
  }
}
