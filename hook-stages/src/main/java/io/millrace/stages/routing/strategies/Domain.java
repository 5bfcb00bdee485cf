package io.millrace.stages.routing.strategies;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a request is about, by the words in it. */
enum Domain {
  /** Programs. */
  CODE(
      Set.of(
          "code",
          "function",
          "class",
          "method",
          "compile",
          "compiler",
          "bug",
          "debug",
          "stacktrace",
          "exception",
          "python",
          "java",
          "javascript",
          "typescript",
          "rust",
          "golang",
          "sql",
          "regex",
          "api",
          "json",
          "yaml",
          "docker",
          "kubernetes",
          "git",
          "refactor",
          "unittest",
          "algorithm",
          "variable",
          "loop",
          "thread",
          "library",
          "syntax",
          "script",
          "bash",
          "html",
          "css")),
  /** Mathematics. */
  MATHS(
      Set.of(
          "calculate",
          "compute",
          "equation",
          "integral",
          "derivative",
          "matrix",
          "vector",
          "theorem",
          "proof",
          "prove",
          "probability",
          "statistics",
          "algebra",
          "geometry",
          "calculus",
          "sum",
          "polynomial",
          "solve",
          "percent",
          "maths",
          "math",
          "arithmetic",
          "fraction",
          "logarithm")),
  /** Stories, poems and the like. */
  CREATIVE(
      Set.of(
          "story",
          "poem",
          "poetry",
          "novel",
          "lyrics",
          "song",
          "fiction",
          "character",
          "plot",
          "creative",
          "imagine",
          "rhyme",
          "haiku",
          "screenplay",
          "dialogue",
          "slogan",
          "essay",
          "narrative",
          "verse",
          "fairy",
          "tale")),
  /** Trade and offices. */
  BUSINESS(
      Set.of(
          "business",
          "market",
          "marketing",
          "revenue",
          "customer",
          "customers",
          "invoice",
          "contract",
          "strategy",
          "sales",
          "budget",
          "profit",
          "stakeholder",
          "roadmap",
          "kpi",
          "meeting",
          "email",
          "proposal",
          "quarterly",
          "finance",
          "investor",
          "pricing",
          "startup",
          "compliance")),
  /** Everything else. */
  GENERAL(Set.of());

  private static final Map<String, Integer> BITS = bits();

  private final Set<String> words;

  Domain(Set<String> words) {
    this.words = words;
  }

  /** The domains that a word speaks for: one bit each, by ordinal; 0 for most words. */
  static int bitsOf(String word) {
    return BITS.getOrDefault(word, 0);
  }

  private int bit() {
    return 1 << ordinal();
  }

  private static Map<String, Integer> bits() {
    Map<String, Integer> bits = new HashMap<>();
    for (Domain domain : values()) {
      domain.words.forEach(word -> bits.merge(word, domain.bit(), (a, b) -> a | b));
    }
    return Map.copyOf(bits);
  }

  /** The name in a model's description. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
