package io.millrace.plugins.schema;

/** How places in the configuration are written in messages. */
public final class ConfigPath {

  /** The file as a whole. */
  public static final String ROOT = "";

  private ConfigPath() {}

  /** A key of a section. */
  public static String member(String parent, String name) {
    return parent.isEmpty() ? name : parent + "." + name;
  }

  /** An element of a list, from 0. */
  public static String element(String parent, int index) {
    return parent + "[" + index + "]";
  }
}
