package io.millrace.stages.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A plan for a terminal: requests go down on the left, outcomes come up on the right. */
public final class TextDrawing {

  private static final String DOWN = "▼ ";
  private static final String UP = "▲ ";
  private static final int GAP = 3;

  private final PlanView view;
  private final List<String> lines = new ArrayList<>();

  private TextDrawing(PlanView view) {
    this.view = view;
  }

  /** The drawing, several lines, without a line end after the last. */
  public static String of(PlanView view) {
    return new TextDrawing(view).draw();
  }

  private String draw() {
    lines.add(view.summary() + ": requests go down, outcomes come back up");
    lines.add("");
    for (StageGroup group : view.plan().groups()) {
      passage(group.requests().name(), view.backTo(group).name());
      group(group);
    }
    passage(view.dispatchRule(), view.plan().groups().getLast().replies().name());
    providers();
    return String.join("\n", lines);
  }

  private void passage(String down, String up) {
    lines.add("  " + padded(DOWN + down, passageWidth()) + UP + up);
  }

  private void group(StageGroup group) {
    lines.add("┌ " + String.join(" · ", view.headline(group)));
    List<PlannedHook> hooks = group.hooks();
    int preWidth = width(hooks.stream().map(hook -> hook.name() + ".pre").toList());
    int postWidth = width(hooks.stream().map(hook -> hook.name() + ".post").toList());
    for (PlannedHook hook : hooks) {
      lines.add(
          "│ "
              + DOWN
              + padded(hook.name() + ".pre", preWidth)
              + UP
              + padded(hook.name() + ".post", postWidth)
              + PlanView.note(hook));
    }
    lines.add("│ operations: " + view.operationsOf(group));
    lines.add("└ stores: " + stores(group));
  }

  private static String stores(StageGroup group) {
    return group.stores().stream().map(PlannedStore::name).collect(Collectors.joining(", "));
  }

  private void providers() {
    lines.add("┌ provider workers");
    int nameWidth = width(view.providers());
    for (String provider : view.providers()) {
      lines.add("│ " + padded(provider, nameWidth) + view.dispatchPattern(provider));
    }
    lines.add("└");
  }

  private int passageWidth() {
    List<String> names =
        new ArrayList<>(
            view.plan().groups().stream().map(group -> DOWN + group.requests().name()).toList());
    names.add(DOWN + view.dispatchRule());
    return width(names);
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0) + GAP;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
