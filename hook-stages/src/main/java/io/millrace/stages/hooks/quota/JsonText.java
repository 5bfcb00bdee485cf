package io.millrace.stages.hooks.quota;

import java.util.Locale;

/** Writes JSON, part by part, in the order of the calls. Used by one thread. */
public final class JsonText {

  private final StringBuilder out = new StringBuilder();
  private boolean first = true;

  /** Empty. */
  public JsonText() {}

  /** Begins an object, as a value of a list or alone. */
  public JsonText open() {
    comma().append('{');
    first = true;
    return this;
  }

  /** Begins a list under a name. */
  public JsonText openList(String name) {
    name(name).append('[');
    first = true;
    return this;
  }

  /** Begins an object under a name. */
  public JsonText open(String name) {
    name(name).append('{');
    first = true;
    return this;
  }

  /** Ends an object. */
  public JsonText close() {
    out.append('}');
    first = false;
    return this;
  }

  /** Ends a list. */
  public JsonText closeList() {
    out.append(']');
    first = false;
    return this;
  }

  /** A text under a name. */
  public JsonText text(String name, String value) {
    quote(name(name), value);
    return this;
  }

  /** A number under a name. */
  public JsonText number(String name, long value) {
    name(name).append(value);
    return this;
  }

  /** True or false under a name. */
  public JsonText flag(String name, boolean value) {
    name(name).append(value);
    return this;
  }

  /** How long it is so far, in characters. */
  public int length() {
    return out.length();
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private StringBuilder name(String name) {
    quote(comma(), name).append(':');
    return out;
  }

  private StringBuilder comma() {
    if (!first) {
      out.append(',');
    }
    first = false;
    return out;
  }

  private static StringBuilder quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next == '"' || next == '\\') {
        out.append('\\').append(next);
      } else if (next < ' ') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) next));
      } else {
        out.append(next);
      }
    }
    return out.append('"');
  }
}
