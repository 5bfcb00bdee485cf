package io.millrace.plugins.schema;

/**
 * One thing wrong with the configuration.
 *
 * @param path where, e.g. {@code providers.openai.keys[0].value}; empty for the file as a whole
 * @param message what is wrong and what would be right, as one sentence
 */
public record ConfigFault(String path, String message) {

  /** For people: path and message in one line. */
  @Override
  public String toString() {
    return path.isEmpty() ? message : path + ": " + message;
  }
}
