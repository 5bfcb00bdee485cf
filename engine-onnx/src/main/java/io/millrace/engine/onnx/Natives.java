package io.millrace.engine.onnx;

import java.util.Locale;

/** The folders in which ONNX Runtime's jar has its native libraries. */
final class Natives {

  private Natives() {}

  /** The folder of a system, as its properties {@code os.name} and {@code os.arch} name it. */
  static String folder(String system, String architecture) {
    return system(system.toLowerCase(Locale.ROOT))
        + "-"
        + switch (architecture.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x64";
          case "arm64" -> "aarch64";
          default -> architecture;
        };
  }

  private static String system(String name) {
    if (name.contains("mac") || name.contains("darwin")) {
      return "osx";
    }
    return name.contains("win") ? "win" : name;
  }
}
