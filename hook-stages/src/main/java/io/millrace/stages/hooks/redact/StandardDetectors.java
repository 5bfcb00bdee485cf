package io.millrace.stages.hooks.redact;

import java.util.List;

/** What is found without any configuration. What comes first has the say where two overlap. */
final class StandardDetectors {

  /** Lookbehinds keep each search at the beginning of a word, and so linear. */
  private static final String NOT_IN_A_WORD = "(?<![A-Za-z0-9_-])";

  private static final String SUFFIX = "[-_][A-Za-z0-9_-]{8,256}+";

  static final List<Detector> ALL =
      List.of(
          new PrivateKeyDetector(),
          PatternDetector.of(
              "jwt",
              "eyJ",
              NOT_IN_A_WORD + "eyJ[A-Za-z0-9_-]{5,}+\\.[A-Za-z0-9_-]{5,}+\\.[A-Za-z0-9_-]{0,}+"),
          PatternDetector.withDigit(
              "bearer", "", "(?i)\\bbearer\\s{1,4}+[A-Za-z0-9._~+/=-]{8,2048}+"),
          PatternDetector.withDigit(
              "key",
              "",
              NOT_IN_A_WORD
                  + "(?:(?:sk|pk|rk|hf|gsk|mrs?|ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abeprs]|npm)"
                  + SUFFIX
                  + "|(?:AKIA|ASIA)[0-9A-Z]{16}+(?![0-9A-Za-z])"
                  + "|AIza[A-Za-z0-9_-]{35}+)"),
          PatternDetector.of(
              "email",
              "@",
              "[\\p{L}\\p{N}._%+-]{1,64}+@[\\p{L}\\p{N}-]{1,63}+(?:\\.[\\p{L}\\p{N}-]{1,63}+){1,8}+"),
          new IbanDetector(),
          new CardDetector(),
          PatternDetector.of(
              "ssn",
              "-",
              "(?<![\\w-])(?!000|666|9\\d\\d)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\w-])"),
          PatternDetector.of("phone", "+", "(?<![\\w+])\\+[1-9](?:[ ().-]{0,2}+\\d){7,14}+(?!\\d)"),
          PatternDetector.of(
              "phone",
              "",
              "(?<![\\w.+-])(?:1[ .-])?(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[ .-])[2-9]\\d{2}["
                  + " .-]\\d{4}(?![\\w-])"),
          new IpDetector());

  private StandardDetectors() {}
}
