package io.millrace.stages.hooks.settings;

import io.millrace.plugin.model.Target;

/**
 * A name of models, in which {@code *} stands for any characters. With a slash it is {@code
 * provider/model}, without one it is the model at any provider. Immutable.
 *
 * @param text as it was written
 */
public record ModelPattern(String text) {

  /** Whether it names the target. */
  public boolean matches(Target target) {
    return StarPattern.matches(text, text.contains("/") ? target.toString() : target.model());
  }

  /** How much it says: of two patterns that match, the one with more counts. */
  public int weight() {
    return 2 * (int) text.chars().filter(c -> c != '*').count() + (text.contains("*") ? 0 : 1);
  }
}
