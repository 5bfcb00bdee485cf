package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.stages.hooks.quota.JsonText;
import io.millrace.stages.hooks.quota.StateKeys;
import java.util.List;
import java.util.Map;

/**
 * What an operator may ask under one scope key: {@code show} lists what was taken of each limit,
 * {@code reset} forgets it; both of one limit with the argument {@code limit}.
 */
final class RateLimitOperations {

  private static final int ENOUGH_CHARACTERS = Hook.MAX_ANSWER_CHARACTERS - 2_048;

  private final RateLimitSettings settings;
  private final OperationContext context;
  private final long nowMillis;

  RateLimitOperations(RateLimitSettings settings, OperationContext context) {
    this.settings = settings;
    this.context = context;
    this.nowMillis = context.now().toEpochMilli();
  }

  String answer(Operation operation) {
    return switch (operation.name()) {
      case "show" -> show(chosen(operation.arguments()));
      case "reset" -> reset(chosen(operation.arguments()));
      default ->
          throw new IllegalArgumentException(
              "no operation '" + operation.name() + "'; there are show and reset");
    };
  }

  private List<Limit> chosen(Map<String, String> arguments) {
    String name = arguments.get("limit");
    List<Limit> chosen =
        settings.limits().stream()
            .filter(limit -> name == null || limit.name().equals(name))
            .toList();
    if (name != null && chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "no limit '"
              + name
              + "'; there are "
              + settings.limits().stream().map(Limit::name).toList());
    }
    return chosen;
  }

  private String show(List<Limit> chosen) {
    JsonText json = new JsonText().open().text("scope", context.scopeKey()).openList("limits");
    boolean complete = true;
    for (Limit limit : chosen) {
      for (KeyedState.Entry entry : entries(limit)) {
        if (json.length() < ENOUGH_CHARACTERS) {
          show(json, limit, entry);
        } else {
          complete = false;
        }
      }
    }
    return json.closeList().flag("complete", complete).close().toString();
  }

  private void show(JsonText json, Limit limit, KeyedState.Entry entry) {
    String name = entry.key().substring(Bucket.PREFIX.length());
    // Whose exception it is cannot be told from the key alone; what was taken can.
    Bucket bucket = Bucket.of(limit, limit.rate(), name, entry.value(), nowMillis);
    Limiter limiter = bucket.limiter();
    json.open()
        .text("limit", limit.name())
        .text("of", StateKeys.shown(name.substring(limit.name().length() + 1)))
        .text("unit", limit.unit().configName())
        .text("algorithm", limit.algorithm().configName())
        .number("capacity", limiter.capacity())
        .number("used", limiter.capacity() - limiter.available(nowMillis))
        .number("reset_seconds", Math.ceilDiv(limiter.resetMillis(nowMillis), 1_000))
        .number("waiting", bucket.waiting())
        .close();
  }

  private String reset(List<Limit> chosen) {
    int count = 0;
    for (Limit limit : chosen) {
      for (KeyedState.Entry entry : entries(limit)) {
        String name = entry.key().substring(Bucket.PREFIX.length());
        Bucket before = Bucket.of(limit, limit.rate(), name, entry.value(), nowMillis);
        Bucket after = Bucket.of(limit, limit.rate(), name, null, nowMillis);
        if (before.waiting() == 0) {
          context.state().delete(entry.key());
        } else {
          // Whoever waits still has its turn.
          after.setWaiting(before.waiting());
          after.save(context.state(), nowMillis);
        }
        count++;
      }
    }
    context.emit("rate-limit-reset", Map.of("limiters", Integer.toString(count)));
    return new JsonText().open().number("reset", count).close().toString();
  }

  private List<KeyedState.Entry> entries(Limit limit) {
    String prefix = Bucket.PREFIX + limit.name();
    return context.state().range(prefix + "/", prefix + "0", KeyedState.MAX_RANGE_ENTRIES);
  }
}
