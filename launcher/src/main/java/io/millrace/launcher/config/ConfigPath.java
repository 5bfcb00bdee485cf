package io.millrace.launcher.config;

/** How places in the configuration are written in messages. */
final class ConfigPath {

  static final String ROOT = "";

  private ConfigPath() {}

  static String member(String parent, String name) {
    return parent.isEmpty() ? name : parent + "." + name;
  }

  static String element(String parent, int index) {
    return parent + "[" + index + "]";
  }
}
