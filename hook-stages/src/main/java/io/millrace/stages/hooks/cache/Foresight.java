package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.KeyedState.Entry;
import io.millrace.plugin.hook.PipelineLoad;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.stages.hooks.state.StateReader;
import io.millrace.stages.hooks.state.StateWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Learns, under one scope key, which request follows which of the same caller, and fetches ahead
 * what most often does. A first-order model: the last request is all that counts. Only users'
 * requests teach. Made for one call, used by one thread.
 */
final class Foresight {

  /** Two requests further apart have nothing to do with each other. */
  static final Duration SESSION = Duration.ofMinutes(10);

  /** How exactly it is known when a request was last asked. */
  private static final Duration SEEN_PRECISION = Duration.ofMinutes(1);

  /** While requests wait longer than this for the home stage, nothing is fetched ahead. */
  static final Duration MAX_QUEUE_DELAY = Duration.ofSeconds(1);

  /** How long a fetch may take; meanwhile there is no other of the same request. */
  static final Duration FETCH_TIMEOUT = Duration.ofMinutes(1);

  /** Callers share so many places for their last request, so that those are bounded. */
  private static final int CALLERS = 256;

  private static final String PREFIX = "q/";
  private static final String END = "q0";

  private final CacheConfig.Prediction config;
  private final CacheStrategy strategy;
  private final Answers answers;
  private final PipelineLoad load;
  private final KeyedState state;
  private final long nowMillis;

  Foresight(
      CacheConfig config,
      CacheStrategy strategy,
      Answers answers,
      PipelineLoad load,
      HookContext context) {
    this.config = config.prediction();
    this.strategy = strategy;
    this.answers = answers;
    this.load = load;
    this.state = context.state();
    this.nowMillis = context.now().toEpochMilli();
  }

  /** Learns from a request, and fetches ahead what it lets expect. */
  void see(String hash, CompletionRequest request, HookContext context) {
    Known known = remember(hash, request);
    teach(hash, context);
    if (known != null) {
      fetchNext(known, context);
    }
  }

  /** Notes that this request came after the caller's last. */
  private void teach(String hash, HookContext context) {
    String place = placeOf(context);
    byte[] before = state.get(place);
    if (before != null) {
      Last last = Last.of(before);
      long gap = last == null ? -1 : nowMillis - last.millis();
      if (last != null && !last.hash().equals(hash) && gap >= 0 && gap < SESSION.toMillis()) {
        Known known = find(last.hash());
        if (known != null) {
          state.put(PREFIX + last.hash(), known.followedBy(hash).toBytes());
        }
      }
    }
    state.put(place, new Last(hash, nowMillis).toBytes());
  }

  private @Nullable Known remember(String hash, CompletionRequest request) {
    Known known = find(hash);
    if (known != null && nowMillis - known.seenMillis() < SEEN_PRECISION.toMillis()) {
      return known;
    }
    if (known != null) {
      known = known.seenAt(nowMillis);
    } else {
      byte[] bytes = ModelCodec.write(request);
      if (bytes.length > Known.MAX_REQUEST_BYTES) {
        return null;
      }
      forgetOne(hash);
      answers.summary().learned(1);
      answers.save();
      known = new Known(nowMillis, 0, List.of(), bytes);
    }
    state.put(PREFIX + hash, known.toBytes());
    return known;
  }

  /** Of a few drawn by lot, the one that was not asked for longest. */
  private void forgetOne(String hash) {
    if (answers.summary().known() < config.maxRequests()) {
      return;
    }
    List<Entry> some = Draw.entries(state, PREFIX, END, Draw.random(hash, nowMillis));
    String oldest = null;
    long since = Long.MAX_VALUE;
    for (Entry entry : some) {
      Known known = Known.of(entry.value());
      long seen = known == null ? Long.MIN_VALUE : known.seenMillis();
      if (oldest == null || seen < since) {
        oldest = entry.key();
        since = seen;
      }
    }
    if (oldest != null) {
      state.delete(oldest);
      answers.summary().learned(-1);
    }
  }

  private void fetchNext(Known known, HookContext context) {
    Optional<Known.Successor> likeliest = known.likeliest();
    if (load.queueDelay().compareTo(MAX_QUEUE_DELAY) > 0) {
      return;
    }
    if (likeliest.isEmpty() || !strategy.fetchAhead(known.succession(likeliest.get()))) {
      return;
    }
    String hash = likeliest.get().hash();
    Known next = find(hash);
    CompletionRequest request = next == null ? null : next.asked();
    if (next == null
        || request == null
        || Math.abs(nowMillis - next.fetchedMillis()) < FETCH_TIMEOUT.toMillis()
        || answers.live(hash) != null
        || !answers.summary().fetch(nowMillis, config.budgetPerHour())) {
      return;
    }
    context.submit(
        hash + "-" + Long.toString(nowMillis, Character.MAX_RADIX), request, FETCH_TIMEOUT);
    state.put(PREFIX + hash, next.fetchedAt(nowMillis).toBytes());
    answers.count(Count.FETCHED, 1);
    answers.save();
  }

  /**
   * Forgets so many requests at most.
   *
   * @return how many
   */
  static int clear(KeyedState state, Answers answers, int limit) {
    int removed = 0;
    String from = PREFIX;
    List<Entry> found = state.range(from, END, Draw.SAMPLE);
    while (!found.isEmpty() && removed < limit) {
      for (Entry entry : found) {
        state.delete(entry.key());
        from = entry.key();
      }
      removed += found.size();
      found = state.range(from, END, Draw.SAMPLE);
    }
    answers.summary().learned(-removed);
    return removed;
  }

  private @Nullable Known find(String hash) {
    byte[] value = state.get(PREFIX + hash);
    return value == null ? null : Known.of(value);
  }

  private static String placeOf(HookContext context) {
    String caller = context.tenant() + "/" + context.caller().map(who -> who.id()).orElse("");
    return "l/" + Math.floorMod(caller.hashCode() * 0x9E3779B1, CALLERS);
  }

  /** A caller's last request. */
  private record Last(String hash, long millis) {

    static @Nullable Last of(byte[] bytes) {
      StateReader in = new StateReader(bytes);
      try {
        return new Last(in.text(), in.number());
      } catch (StateReader.UnreadableException e) {
        return null;
      }
    }

    byte[] toBytes() {
      return new StateWriter().text(hash).number(millis).toBytes();
    }
  }
}
