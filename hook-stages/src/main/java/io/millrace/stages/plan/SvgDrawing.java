package io.millrace.stages.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A plan as a picture that stands alone: groups from top to bottom, PreHooks and the topics that
 * lead down on the left, PostHooks and the topics that lead back up on the right, stores below the
 * hooks of their group.
 */
public final class SvgDrawing {

  private static final int MARGIN = 24;
  private static final int PAD = 16;
  private static final int ROW = 36;
  private static final int PILL = 26;
  private static final int ARROW = 22;
  private static final int BASE_LINE = 17;

  private final PlanView view;
  private final SvgCanvas canvas = new SvgCanvas();
  private final int pillWidth;
  private final int boxWidth;
  private int y = MARGIN;

  private SvgDrawing(PlanView view) {
    this.view = view;
    this.pillWidth = widest(hooks().map(hook -> hook.name() + ".post")) + 2 * PAD;
    this.boxWidth = boxWidth();
  }

  /** The picture as SVG text. */
  public static String of(PlanView view) {
    return new SvgDrawing(view).draw();
  }

  private String draw() {
    plainBox("users and ingest", List.of());
    for (StageGroup group : view.plan().groups()) {
      passage(group.requests().name(), view.backTo(group).name());
      group(group);
    }
    passage(view.dispatchRule(), view.plan().groups().getLast().replies().name());
    plainBox(
        "provider workers",
        view.providers().stream()
            .map(provider -> provider + ": " + view.dispatchPattern(provider))
            .toList());
    return canvas.toSvg(boxWidth + 2 * MARGIN, y + MARGIN, view.summary());
  }

  private void plainBox(String title, List<String> lines) {
    int height = ROW + lines.size() * ROW / 2 + (lines.isEmpty() ? 0 : PAD / 2);
    canvas.box("group", MARGIN, y, boxWidth, height, 6);
    canvas.text("title", MARGIN + PAD, y + BASE_LINE + 5, title);
    for (int i = 0; i < lines.size(); i++) {
      canvas.text("muted", MARGIN + PAD, y + ROW + i * ROW / 2 + 8, lines.get(i));
    }
    y += height;
  }

  /** The two topics between what is above and what comes next. */
  private void passage(String down, String up) {
    int left = MARGIN + boxWidth / 4;
    int right = MARGIN + boxWidth * 3 / 4;
    int pillTop = y + ARROW;
    int pillEnd = pillTop + PILL;
    int next = pillEnd + ARROW;
    canvas.arrow(left, y, pillTop - 1);
    topic(left, pillTop, down);
    canvas.arrow(left, pillEnd, next - 1);
    canvas.arrow(right, next, pillEnd + 1);
    topic(right, pillTop, up);
    canvas.arrow(right, pillTop, y + 1);
    y = next;
  }

  private void topic(int centre, int top, String name) {
    int width = SvgCanvas.widthOf(name) + PAD;
    canvas.box("topic", centre - width / 2, top, width, PILL, PILL / 2);
    canvas.centred("", centre, top + BASE_LINE, name);
  }

  private void group(StageGroup group) {
    List<List<PlannedStore>> storeRows = storeRows(group);
    int height = ROW + (group.hooks().size() + storeRows.size()) * ROW + ROW / 2 + PAD / 2;
    canvas.box("group", MARGIN, y, boxWidth, height, 6);
    int x = MARGIN + PAD;
    List<String> headline = view.headline(group);
    canvas.text("title", x, y + BASE_LINE + 6, headline.getFirst());
    canvas.text(
        "muted",
        x + SvgCanvas.widthOf(headline.getFirst() + "  "),
        y + BASE_LINE + 6,
        String.join(" · ", headline.subList(1, headline.size())));
    int row = y + ROW;
    for (int i = 0; i < group.hooks().size(); i++) {
      hook(group.hooks().get(i), row);
      row += ROW;
      if (i < group.hooks().size() - 1) {
        canvas.arrow(MARGIN + PAD + pillWidth / 2, row - ROW + PILL, row - 1);
        canvas.arrow(MARGIN + boxWidth - PAD - pillWidth / 2, row, row - ROW + PILL + 1);
      }
    }
    for (List<PlannedStore> stores : storeRows) {
      stores(stores, row);
      row += ROW;
    }
    canvas.text("muted", x, row + BASE_LINE / 2, operations(group));
    y += height;
  }

  private String operations(StageGroup group) {
    return "operations: " + view.operationsOf(group);
  }

  private void hook(PlannedHook hook, int top) {
    int left = MARGIN + PAD;
    int right = MARGIN + boxWidth - PAD - pillWidth;
    canvas.box("hook", left, top, pillWidth, PILL, 4);
    canvas.centred("", left + pillWidth / 2, top + BASE_LINE, hook.name() + ".pre");
    canvas.centred("muted", MARGIN + boxWidth / 2, top + BASE_LINE, PlanView.note(hook));
    canvas.box("hook", right, top, pillWidth, PILL, 4);
    canvas.centred("", right + pillWidth / 2, top + BASE_LINE, hook.name() + ".post");
  }

  private void stores(List<PlannedStore> stores, int top) {
    int x = MARGIN + PAD;
    for (PlannedStore store : stores) {
      int width = storeWidth(store);
      canvas.box("store", x, top, width, PILL, 8);
      canvas.centred("", x + width / 2, top + BASE_LINE, store.name());
      x += width + PAD / 2;
    }
  }

  private List<List<PlannedStore>> storeRows(StageGroup group) {
    List<List<PlannedStore>> rows = new ArrayList<>();
    int free = 0;
    for (PlannedStore store : group.stores()) {
      if (free < storeWidth(store)) {
        rows.add(new ArrayList<>());
        free = boxWidth - 2 * PAD;
      }
      rows.getLast().add(store);
      free -= storeWidth(store) + PAD / 2;
    }
    return rows;
  }

  private static int storeWidth(PlannedStore store) {
    return SvgCanvas.widthOf(store.name()) + PAD;
  }

  /** Wide enough for the widest row of every kind. */
  private int boxWidth() {
    Stream<String> names =
        Stream.concat(
            view.plan().groups().stream()
                .flatMap(group -> Stream.of(group.requests().name(), group.replies().name())),
            Stream.of(view.dispatchRule()));
    int topics = 2 * (widest(names) + 2 * PAD);
    int rows = 2 * pillWidth + widest(hooks().map(PlanView::note)) + 4 * PAD;
    int titles =
        widest(view.plan().groups().stream().map(group -> String.join(" · ", view.headline(group))))
            + 2 * PAD;
    int dispatch =
        widest(view.providers().stream().map(p -> p + ": " + view.dispatchPattern(p))) + 2 * PAD;
    int stores =
        widest(
                view.plan().groups().stream()
                    .flatMap(group -> group.stores().stream())
                    .map(PlannedStore::name))
            + 3 * PAD;
    int operations = widest(view.plan().groups().stream().map(this::operations)) + 2 * PAD;
    return Stream.of(topics, rows, titles, dispatch, stores, operations)
        .mapToInt(Integer::intValue)
        .max()
        .orElseThrow();
  }

  private Stream<PlannedHook> hooks() {
    return view.plan().groups().stream().flatMap(group -> group.hooks().stream());
  }

  private static int widest(Stream<String> texts) {
    return texts.mapToInt(SvgCanvas::widthOf).max().orElse(0);
  }
}
