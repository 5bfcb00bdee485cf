package io.millrace.stages.hooks.validate;

/** How deep a JSON text goes, without building anything of it. */
final class JsonDepth {

  private JsonDepth() {}

  /** The most objects and lists that lie in each other; brackets in strings do not count. */
  static int of(String json) {
    int depth = 0;
    int deepest = 0;
    boolean string = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (string) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          string = false;
        }
      } else if (c == '"') {
        string = true;
      } else if (c == '{' || c == '[') {
        depth++;
        deepest = Math.max(deepest, depth);
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
    return deepest;
  }
}
