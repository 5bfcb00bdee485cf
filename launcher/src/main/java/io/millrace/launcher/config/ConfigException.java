package io.millrace.launcher.config;

import io.millrace.plugins.schema.ConfigFault;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; carries every fault that was found. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String source;
  private final transient List<ConfigFault> faults;

  /** With every fault of a file. */
  public ConfigException(String source, List<ConfigFault> faults) {
    super(describe(source, faults));
    this.source = source;
    this.faults = List.copyOf(faults);
  }

  /** The file, or what stands for it. */
  public String source() {
    return source;
  }

  /** At least one. */
  public List<ConfigFault> faults() {
    return faults;
  }

  private static String describe(String source, List<ConfigFault> faults) {
    String lines = faults.stream().map(fault -> "  " + fault).collect(Collectors.joining("\n"));
    return "%s has %d fault%s:%n%s"
        .formatted(source, faults.size(), faults.size() == 1 ? "" : "s", lines);
  }
}
