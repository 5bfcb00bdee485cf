package io.millrace.launcher.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderOrder;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Providers as JSON, for the command line and HTTP alike. */
public final class ProviderJson {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double MICROS_PER_MILLI = 1_000;

  private ProviderJson() {}

  /** One object for each row. */
  public static ArrayNode write(List<ProviderRow> rows) {
    ArrayNode list = JSON.createArrayNode();
    rows.forEach(row -> list.add(write(row)));
    return list;
  }

  /** What was ordered. */
  static ObjectNode ordered(ProviderOrder order, boolean block) {
    return JSON.createObjectNode()
        .put("provider", order.provider())
        .put("model", order.model())
        .put("ordered", block ? "block" : "unblock");
  }

  private static ObjectNode write(ProviderRow row) {
    ObjectNode node = JSON.createObjectNode();
    node.put("provider", row.provider())
        .put("type", row.type())
        .put("model", row.model().isEmpty() ? null : row.model())
        .put("keys", row.keys())
        .put("max_in_flight", row.maxInFlight())
        .put("blocked", row.block().isPresent());
    row.block().ifPresent(block -> addBlock(node, block));
    row.health().ifPresent(health -> addHealth(node.putObject("health"), health));
    return node;
  }

  private static void addBlock(ObjectNode node, Control block) {
    node.put("blocked_by", block.getBy())
        .put("blocked_at", Instant.ofEpochMilli(block.getAtMillis()).toString());
  }

  private static void addHealth(ObjectNode node, ProviderHealth health) {
    node.put("state", health.getState().name().toLowerCase(Locale.ROOT))
        .put("reason", health.getReason())
        .put("admit_share", health.getAdmitShare())
        .put("success_rate", health.getSuccessRate())
        .put("calls", health.getCalls())
        .put("latency_p50_ms", health.getLatencyP50Micros() / MICROS_PER_MILLI)
        .put("latency_p95_ms", health.getLatencyP95Micros() / MICROS_PER_MILLI)
        .put("load", health.getLoad())
        .put("since", Instant.ofEpochMilli(health.getSinceMillis()).toString())
        .put("at", Instant.ofEpochMilli(health.getAtMillis()).toString());
  }
}
