package io.millrace.launcher.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One entry of {@code providers}. */
public record ProviderSection(
    String type, @Nullable String baseUrl, List<String> models, List<KeySection> keys) {

  /** One entry of {@code providers.<name>.keys}; holds a secret. */
  public record KeySection(
      @Nullable String name, String value, List<String> models, double weight) {

    /** Without the secret. */
    @Override
    public String toString() {
      return "KeySection[name=" + name + ", models=" + models + ", weight=" + weight + "]";
    }
  }
}
