package io.millrace.stages.hooks.validate;

/**
 * What is wrong with a request.
 *
 * @param field the path of the field, such as {@code messages[3].content}
 * @param text what is wrong and what would be right
 * @param kind what sort of fault it is, for meters: a word or two, joined by a hyphen
 */
record Fault(String field, String text, String kind) {

  @Override
  public String toString() {
    return field + ": " + text;
  }
}
