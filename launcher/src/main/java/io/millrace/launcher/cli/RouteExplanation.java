package io.millrace.launcher.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.ColumnData;
import io.millrace.launcher.prices.PriceTable;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.routing.Candidate;
import io.millrace.stages.routing.Assessment;
import io.millrace.stages.routing.Exclusion;
import io.millrace.stages.routing.RouteDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A decision for a person or a script.
 *
 * @param strategy null where it was not asked
 * @param health how much is known of it
 * @param candidates who was looked at
 * @param reasons why, in a line
 */
record RouteExplanation(
    String model,
    @Nullable String strategy,
    String target,
    List<String> fallbacks,
    String health,
    List<Row> candidates,
    String reasons) {

  private static final double NANOS_PER_USD_PER_MILLION = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One candidate. */
  record Row(
      String target,
      String verdict,
      String state,
      double admitShare,
      double successRate,
      long meanLatencyMillis,
      double load,
      @Nullable Double inputPrice,
      @Nullable Double outputPrice,
      String note) {}

  static RouteExplanation of(String model, RouteDecision decision, String health) {
    Target target = Objects.requireNonNull(decision.target());
    return new RouteExplanation(
        model,
        decision.strategy(),
        target.toString(),
        decision.fallbacks().stream().map(Target::toString).toList(),
        health,
        decision.assessments().stream().map(seen -> row(seen, decision)).toList(),
        decision.reasons());
  }

  private static Row row(Assessment seen, RouteDecision decision) {
    Candidate candidate = seen.candidate();
    TokenPrice price = candidate.price();
    return new Row(
        candidate.target().toString(),
        verdict(seen, decision),
        candidate.health().state().name().toLowerCase(Locale.ROOT),
        candidate.health().admitShare(),
        candidate.successRate(),
        candidate.meanLatency().toMillis(),
        candidate.load(),
        price == null ? null : price.inputNanosPerToken() / NANOS_PER_USD_PER_MILLION,
        price == null ? null : price.outputNanosPerToken() / NANOS_PER_USD_PER_MILLION,
        seen.note());
  }

  private static String verdict(Assessment seen, RouteDecision decision) {
    Target target = seen.candidate().target();
    if (target.equals(decision.target())) {
      return "chosen";
    }
    int place = decision.fallbacks().indexOf(target);
    if (place >= 0) {
      return "fallback " + (place + 1);
    }
    Exclusion exclusion = seen.exclusion();
    return exclusion == null ? "not needed" : exclusion.text();
  }

  static List<ColumnData<Row>> columns() {
    return List.of(
        Listing.column("TARGET").with(Row::target),
        Listing.column("VERDICT").with(Row::verdict),
        Listing.column("STATE").with(Row::state),
        Listing.column("SUCCESS").with(row -> percent(row.successRate())),
        Listing.column("LATENCY")
            .with(row -> row.meanLatencyMillis() == 0 ? "-" : row.meanLatencyMillis() + " ms"),
        Listing.column("LOAD").with(row -> String.format(Locale.ROOT, "%.1f", row.load())),
        Listing.column("USD/M IN, OUT").with(RouteExplanation::prices),
        Listing.column("NOTE").with(Row::note));
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("model      " + model);
    lines.add("strategy   " + (strategy == null ? "not asked" : strategy));
    lines.add("target     " + target);
    lines.add("fallbacks  " + (fallbacks.isEmpty() ? "none" : String.join(", ", fallbacks)));
    lines.add("health     " + health);
    lines.add("prices     the configuration's, else the table of " + PriceTable.load().date());
    lines.add("reasons    " + reasons);
    return lines;
  }

  String toJson() {
    ObjectNode tree = JSON.createObjectNode();
    tree.put("model", model).put("strategy", strategy).put("target", target);
    ArrayNode next = tree.putArray("fallbacks");
    fallbacks.forEach(next::add);
    tree.put("health", health).put("price_table", PriceTable.load().date());
    tree.put("reasons", reasons);
    ArrayNode rows = tree.putArray("candidates");
    candidates.forEach(row -> rows.add(json(row)));
    return tree.toPrettyString();
  }

  private static ObjectNode json(Row row) {
    return JSON.createObjectNode()
        .put("target", row.target())
        .put("verdict", row.verdict())
        .put("state", row.state())
        .put("admit_share", row.admitShare())
        .put("success_rate", row.successRate())
        .put("mean_latency_ms", row.meanLatencyMillis())
        .put("load", row.load())
        .put("input_usd_per_million", row.inputPrice())
        .put("output_usd_per_million", row.outputPrice())
        .put("note", row.note());
  }

  private static String prices(Row row) {
    return row.inputPrice() == null ? "not known" : row.inputPrice() + ", " + row.outputPrice();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * 100);
  }
}
