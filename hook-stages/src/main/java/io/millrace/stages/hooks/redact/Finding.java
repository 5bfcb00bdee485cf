package io.millrace.stages.hooks.redact;

/**
 * A piece of text that is to be taken out.
 *
 * @param start its first character
 * @param end behind its last character, above {@code start}
 * @param kind what it is: lower case letters, digits and underscores
 * @param mask what stands in its place when nobody has to put it back
 */
record Finding(int start, int end, String kind, String mask) {

  /** A finding that is masked by the name of its kind. */
  static Finding of(int start, int end, String kind) {
    return new Finding(start, end, kind, "[" + kind + "]");
  }

  String in(String text) {
    return text.substring(start, end);
  }
}
