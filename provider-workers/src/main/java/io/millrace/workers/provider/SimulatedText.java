package io.millrace.workers.provider;

/** Text that looks like an answer and follows from the prompt. */
final class SimulatedText {

  private static final int CHARACTERS_PER_TOKEN = 4;

  /** The most of the prompt that an answer repeats, in characters. */
  private static final int MAX_QUOTE = 80;

  /** One token each. */
  private static final String[] WORDS = {
    "the", "mill", "runs", "on", "water", "and", "the", "race", "feeds", "its", "wheel", "while",
    "grain", "waits", "for", "the", "stone", "so", "each", "turn", "counts", "twice"
  };

  private SimulatedText() {}

  /** About how many tokens a text of so many characters has. */
  static long tokens(long characters) {
    return Math.max(1, (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN);
  }

  /** An answer of about so many tokens. */
  static String answer(String prompt, int tokens, long seed) {
    int length = tokens * CHARACTERS_PER_TOKEN;
    StringBuilder text = new StringBuilder(Math.min(length, 1 << 16));
    text.append("On \"").append(prompt, 0, Math.min(prompt.length(), MAX_QUOTE)).append("\":");
    int next = Math.floorMod(prompt.hashCode() ^ Long.hashCode(seed), WORDS.length);
    while (text.length() < length) {
      text.append(' ').append(WORDS[next]);
      next = (next * 7 + 3) % WORDS.length;
    }
    text.setLength(length);
    return text.toString();
  }
}
