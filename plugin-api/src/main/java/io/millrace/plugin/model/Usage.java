package io.millrace.plugin.model;

/**
 * Tokens used by a completion. All counts are at least 0.
 *
 * @param promptTokens tokens of the prompt, cached ones included
 * @param completionTokens tokens generated, reasoning included
 * @param cachedPromptTokens how many of the prompt tokens the provider had cached
 * @param reasoningTokens how many of the completion tokens were reasoning
 */
public record Usage(
    long promptTokens, long completionTokens, long cachedPromptTokens, long reasoningTokens) {

  /** No tokens at all. */
  public static final Usage NONE = new Usage(0, 0, 0, 0);

  /** Checks that no count is negative. */
  public Usage {
    if (promptTokens < 0 || completionTokens < 0 || cachedPromptTokens < 0 || reasoningTokens < 0) {
      throw new IllegalArgumentException("token counts must not be negative");
    }
  }

  /** Usage of a prompt and its completion, nothing cached and no reasoning. */
  public static Usage of(long promptTokens, long completionTokens) {
    return new Usage(promptTokens, completionTokens, 0, 0);
  }

  /** Prompt and completion tokens together. */
  public long totalTokens() {
    return promptTokens + completionTokens;
  }
}
