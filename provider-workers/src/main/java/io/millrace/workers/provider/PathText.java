package io.millrace.workers.provider;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A model's name as a part of a path. Callers choose the name, so it must not lead elsewhere. */
final class PathText {

  private PathText() {}

  /** The name as one segment: a slash within it is escaped. */
  static String segment(String name) {
    String escaped = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return name.equals(".") || name.contains("..") ? escaped.replace(".", "%2E") : escaped;
  }

  /** The name with its slashes, as in {@code owner/model}. */
  static String segments(String name) {
    return Arrays.stream(name.split("/", -1))
        .map(PathText::segment)
        .collect(Collectors.joining("/"));
  }
}
