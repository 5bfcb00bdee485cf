package io.millrace.stages.hooks.redact;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds PEM blocks of private keys; a block without an end goes as far as it looks like one. */
record PrivateKeyDetector() implements Detector {

  private static final int MAX_BLOCK_CHARACTERS = 16_384;
  private static final Pattern BEGIN =
      Pattern.compile("-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----");
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  @Override
  public String kind() {
    return "private_key";
  }

  @Override
  public void find(String text, Consumer<Finding> found) {
    if (!text.contains("-----BEGIN ")) {
      return;
    }
    Matcher begin = BEGIN.matcher(text);
    int from = 0;
    while (begin.find(from)) {
      from = endOfBlock(text, begin.end());
      found.accept(Finding.of(begin.start(), from, kind()));
    }
  }

  private static int endOfBlock(String text, int body) {
    int limit = Math.min(text.length(), body + MAX_BLOCK_CHARACTERS);
    String block = text.substring(body, limit);
    int end = block.indexOf(END);
    int dashes = end < 0 ? -1 : block.indexOf(DASHES, end + END.length());
    if (dashes >= 0) {
      return body + dashes + DASHES.length();
    }
    int index = body;
    while (index < limit && mayBeKey(text.charAt(index))) {
      index++;
    }
    return index;
  }

  private static boolean mayBeKey(char c) {
    return DigitRuns.isAlphanumeric(c) || Character.isWhitespace(c) || "+/=\\".indexOf(c) >= 0;
  }
}
