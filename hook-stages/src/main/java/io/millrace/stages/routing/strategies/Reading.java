package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Message;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What can be told of a request by reading it superficially. The last {@link #MAX_MESSAGES}
 * messages of users are read, {@link #MAX_CHARACTERS} characters of them at most.
 *
 * @param domain what it is about
 * @param complexity how hard it is, 0 to 1
 * @param urgency how soon somebody wants it, 0 to 1
 */
record Reading(Domain domain, double complexity, double urgency) {

  static final int MAX_CHARACTERS = 8_000;
  static final int MAX_MESSAGES = 3;

  /** A domain needs this many of its words. */
  private static final int ENOUGH_WORDS = 2;

  private static final int FENCE_WORDS = 3;
  private static final int LONG_PROMPT_CHARACTERS = 4_000;
  private static final int MANY_SENTENCES = 20;
  private static final double MANY_TECHNICAL = 0.15;
  private static final int LONGEST_WORD = 32;
  private static final int TECHNICAL = 1 << Domain.CODE.ordinal() | 1 << Domain.MATHS.ordinal();
  private static final int TECHNICAL_LENGTH = 12;
  private static final Set<String> URGENT =
      Set.of("urgent", "urgently", "asap", "immediately", "quickly", "hurry", "now");

  static Reading of(CompletionRequest request, RequestContext context) {
    Tally tally = new Tally();
    long characters = 0;
    int read = 0;
    List<Message> messages = request.messages();
    for (int i = messages.size() - 1; i >= 0; i--) {
      String text = messages.get(i).text();
      characters += text.length();
      if (messages.get(i).role().equals("user") && read < MAX_MESSAGES) {
        tally.read(text);
        read++;
      }
    }
    return new Reading(tally.domain(), tally.complexity(characters), urgency(tally, context));
  }

  private static double urgency(Tally tally, RequestContext context) {
    double byLane =
        switch (context.lane()) {
          case Lane.INTERACTIVE -> 0.7;
          case Lane.STANDARD -> 0.4;
          case Lane.BATCH -> 0;
        };
    return tally.urgent ? Math.min(1, byLane + 0.3) : byLane;
  }

  /** Words counted. */
  private static final class Tally {

    private final int[] byDomain = new int[Domain.values().length];
    private int left = MAX_CHARACTERS;
    private int words;
    private int technical;
    private int sentences;
    private boolean urgent;

    void read(String text) {
      int end = Math.min(text.length(), left);
      left -= end;
      int begin = -1;
      for (int i = 0; i <= end; i++) {
        char c = i < end ? text.charAt(i) : ' ';
        if (Character.isLetterOrDigit(c) || c == '_') {
          begin = begin < 0 ? i : begin;
          continue;
        }
        if (begin >= 0) {
          word(text, begin, i);
          begin = -1;
        }
        punctuation(text, i, c);
      }
    }

    private void word(String text, int begin, int end) {
      words++;
      if (end - begin > LONGEST_WORD) {
        return;
      }
      String word = text.substring(begin, end).toLowerCase(Locale.ROOT);
      urgent |= URGENT.contains(word);
      int bits = Domain.bitsOf(word);
      for (int rest = bits; rest != 0; rest &= rest - 1) {
        byDomain[Integer.numberOfTrailingZeros(rest)]++;
      }
      if ((bits & TECHNICAL) != 0 || word.length() >= TECHNICAL_LENGTH || word.indexOf('_') >= 0) {
        technical++;
      }
    }

    private void punctuation(String text, int at, char c) {
      if (c == '.' || c == '!' || c == '?') {
        sentences++;
      } else if (c == '`' && text.startsWith("```", at)) {
        byDomain[Domain.CODE.ordinal()] += FENCE_WORDS;
      }
    }

    Domain domain() {
      Domain best = Domain.GENERAL;
      int most = ENOUGH_WORDS - 1;
      for (Domain domain : Domain.values()) {
        if (byDomain[domain.ordinal()] > most) {
          most = byDomain[domain.ordinal()];
          best = domain;
        }
      }
      return best;
    }

    /** Length, sentences and technical terms, 40, 30 and 30 per cent. */
    double complexity(long characters) {
      double length = Math.min(1, (double) characters / LONG_PROMPT_CHARACTERS);
      double spoken = Math.min(1, (double) sentences / MANY_SENTENCES);
      double terms = words == 0 ? 0 : Math.min(1, technical / (words * MANY_TECHNICAL));
      return 0.4 * length + 0.3 * spoken + 0.3 * terms;
    }
  }
}
