package io.millrace.stages.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects the shapes of a drawing; colours follow the reader's light or dark scheme. */
final class SvgCanvas {

  /** Monospaced letters of {@link #FONT_SIZE_PX} are this wide; all widths rest on it. */
  private static final double LETTER_WIDTH_PX = 7.25;

  private static final int FONT_SIZE_PX = 12;

  private static final String STYLE =
      """
      <style>
        text { font: %dpx ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2328; }
        .title { font-weight: bold; }
        .muted { fill: #59636e; }
        .page { fill: #ffffff; }
        .group { fill: #f6f8fa; stroke: #818b98; }
        .hook { fill: #ffffff; stroke: #0969da; }
        .topic { fill: #fff8c5; stroke: #9a6700; }
        .store { fill: #dafbe1; stroke: #1a7f37; }
        .line { stroke: #59636e; fill: none; }
        .head { fill: #59636e; }
        @media (prefers-color-scheme: dark) {
          text { fill: #f0f6fc; }
          .muted { fill: #9198a1; }
          .page { fill: #0d1117; }
          .group { fill: #161b22; stroke: #656c76; }
          .hook { fill: #0d1117; stroke: #4493f8; }
          .topic { fill: #2e2a1f; stroke: #d29922; }
          .store { fill: #12261e; stroke: #3fb950; }
          .line { stroke: #9198a1; }
          .head { fill: #9198a1; }
        }
      </style>
      <defs>
        <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
          <path class="head" d="M0 0 L8 4 L0 8 z"/>
        </marker>
      </defs>
      """
          .formatted(FONT_SIZE_PX);

  private final List<String> shapes = new ArrayList<>();

  /** How wide a text is, in pixels. */
  static int widthOf(String text) {
    return (int) Math.ceil(text.length() * LETTER_WIDTH_PX);
  }

  void box(String style, int x, int y, int width, int height, int radius) {
    shapes.add(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>",
            style,
            x,
            y,
            width,
            height,
            radius));
  }

  /** A line of text, beginning at x, on the base line y. */
  void text(String style, int x, int y, String text) {
    shapes.add(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>",
            style,
            x,
            y,
            escaped(text)));
  }

  /** A line of text, its middle at x. */
  void centred(String style, int x, int y, String text) {
    shapes.add(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
            style,
            x,
            y,
            escaped(text)));
  }

  void arrow(int x, int fromY, int toY) {
    shapes.add(
        String.format(
            Locale.ROOT,
            "<path class=\"line\" d=\"M%d %d V%d\" marker-end=\"url(#head)\"/>",
            x,
            fromY,
            toY));
  }

  /** The whole drawing. */
  String toSvg(int width, int height, String title) {
    String page = "<rect class=\"page\" width=\"%d\" height=\"%d\"/>".formatted(width, height);
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
    <title>%3$s</title>
    %4$s%5$s
    %6$s
    </svg>\
    """
        .formatted(width, height, escaped(title), STYLE, page, String.join("\n", shapes));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
