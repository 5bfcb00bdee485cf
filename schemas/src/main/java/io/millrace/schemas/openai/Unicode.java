package io.millrace.schemas.openai;

/** Half a surrogate pair has no UTF-8 form: it would turn into a question mark on a topic. */
final class Unicode {

  private Unicode() {}

  /** The text, when it is well-formed. */
  static String checked(String text, String path) throws InvalidBodyException {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!pairAt(text, i)) {
          throw new InvalidBodyException(
              path + " must be valid Unicode, has half a surrogate pair", path);
        }
        i++;
      }
    }
    return text;
  }

  private static boolean pairAt(String text, int i) {
    return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
  }
}
