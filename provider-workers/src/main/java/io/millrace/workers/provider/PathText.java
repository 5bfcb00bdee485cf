package io.millrace.workers.provider;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Text as a part of a path. */
final class PathText {

  private PathText() {}

  /** Fills a model into a path, as one segment: a slash within its name is escaped. */
  static String withModel(String path, String model) {
    return path.replace(OpenAiDialect.Paths.MODEL, segment(model));
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace(".", "%2E");
  }
}
