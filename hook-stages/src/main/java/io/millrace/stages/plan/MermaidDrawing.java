package io.millrace.stages.plan;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan as a Mermaid flowchart: groups are boxes, topics are rounded, stores are cylinders. */
public final class MermaidDrawing {

  private final PlanView view;
  private final List<String> lines = new ArrayList<>();

  private MermaidDrawing(PlanView view) {
    this.view = view;
  }

  /** The flowchart, several lines, without a line end after the last. */
  public static String of(PlanView view) {
    return new MermaidDrawing(view).draw();
  }

  private String draw() {
    lines.add("flowchart TB");
    lines.add("  ingest[\"ingest\"]");
    topic("completions", view.topics().completions().name());
    topic("operationreplies", view.topics().operationReplies().name());
    List<StageGroup> groups = view.plan().groups();
    for (int i = 0; i < groups.size(); i++) {
      group("g" + i, groups.get(i));
    }
    providers();
    lines.add("  ingest --> g0req");
    for (int i = 0; i < groups.size(); i++) {
      boolean last = i == groups.size() - 1;
      connect("g" + i, groups.get(i).hooks().size(), last ? null : "g" + (i + 1), i);
    }
    return String.join("\n", lines);
  }

  private void group(String id, StageGroup group) {
    topic(id + "req", group.requests().name());
    topic(id + "rep", group.replies().name());
    topic(id + "ops", group.operations().name());
    lines.add("  subgraph " + id + "[\"" + String.join(" · ", view.headline(group)) + "\"]");
    for (int i = 0; i < group.hooks().size(); i++) {
      PlannedHook hook = group.hooks().get(i);
      lines.add("    " + pre(id, i) + "[\"" + hook.name() + ".pre\"]");
      lines.add("    " + post(id, i) + "[\"" + hook.name() + ".post\"]");
    }
    lines.add("    " + id + "operate[\"operate\"]");
    lines.add("    " + id + "out[\"" + (group.home() ? "finish" : "return") + "\"]");
    for (int i = 0; i < group.stores().size(); i++) {
      lines.add("    " + id + "s" + i + "[(\"" + group.stores().get(i).name() + "\")]");
    }
    lines.add("  end");
    lines.add("  " + id + "ops --> " + id + "operate --> operationreplies");
    stores(id, group);
  }

  private void stores(String id, StageGroup group) {
    for (int i = 0; i < group.stores().size(); i++) {
      String hook = group.stores().get(i).hook();
      String store = id + "s" + i;
      if (hook == null) {
        lines.add("  " + store + " -.- " + id + "out");
      } else {
        int index = group.hookNames().indexOf(hook);
        lines.add("  " + pre(id, index) + " -.- " + store + " -.- " + post(id, index));
      }
    }
  }

  private void providers() {
    lines.add("  subgraph workers[\"provider workers\"]");
    for (int i = 0; i < view.providers().size(); i++) {
      lines.add("    p" + i + "[\"" + view.providers().get(i) + "\"]");
    }
    lines.add("  end");
    for (int i = 0; i < view.providers().size(); i++) {
      topic("d" + i, view.dispatchPattern(view.providers().get(i)));
    }
  }

  private void connect(String id, int hooks, @Nullable String next, int index) {
    List<String> down = new ArrayList<>(List.of(id + "req"));
    List<String> up = new ArrayList<>(List.of(id + "rep"));
    for (int i = 0; i < hooks; i++) {
      down.add(pre(id, i));
      up.add(post(id, hooks - 1 - i));
    }
    up.add(id + "out");
    up.add(index == 0 ? "completions" : "g" + (index - 1) + "rep");
    lines.add("  " + String.join(" --> ", up));
    if (next != null) {
      down.add(next + "req");
      lines.add("  " + String.join(" --> ", down));
      return;
    }
    for (int i = 0; i < view.providers().size(); i++) {
      List<String> path = new ArrayList<>(i == 0 ? down : List.of(down.getLast()));
      path.addAll(List.of("d" + i, "p" + i, id + "rep"));
      lines.add("  " + String.join(" --> ", path));
    }
  }

  private void topic(String id, String name) {
    lines.add("  " + id + "([\"" + name + "\"])");
  }

  private static String pre(String group, int hook) {
    return group + "h" + hook + "pre";
  }

  private static String post(String group, int hook) {
    return group + "h" + hook + "post";
  }
}
