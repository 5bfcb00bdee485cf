package io.millrace.ingest;

/** What somebody sent, fit to stand in a message: in quotes, cut, without control characters. */
final class Quoted {

  private static final int MAX_CHARS = 60;

  private Quoted() {}

  static String of(String text) {
    String cut = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "…" : text;
    return '"' + cut.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
