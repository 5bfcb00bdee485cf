package io.millrace.workers.lane;

import io.millrace.schemas.avro.Lane;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among lanes, and among the tenants of a lane. While all lanes have work they
 * share the turns {@value #INTERACTIVE_WEIGHT} : {@value #STANDARD_WEIGHT} : {@value
 * #BATCH_WEIGHT}; a lane without work leaves its turns to the others, and saves none up. Tenants of
 * a lane take turns one by one, see {@link FairQueue}.
 *
 * <p>This is self-clocked fair queueing (Golestani: A self-clocked fair queueing scheme for
 * broadband applications, INFOCOM 1994) with one unit of work for each item: the head of a lane has
 * a tag, the lowest tag is served first and becomes the virtual time, and the next head's tag is
 * the virtual time plus the lane's stride. So a more urgent item passes the less urgent ones that
 * wait, up to its share. A lane that may not be served (it has no place) keeps its tag, so when it
 * may again it has one turn saved up and no more. Between two turns of a lane that always has work
 * and a place, another lane has at most {@code its weight / this lane's weight} turns, rounded up,
 * and one more. So batch waits for at most {@value #MOST_BEFORE_BATCH} turns of others: nothing
 * starves.
 *
 * <p>Knows no time and no threads. Not thread-safe.
 */
public final class LaneScheduler<T> {

  /** Turns of the interactive lane, for {@value #BATCH_WEIGHT} of batch. */
  static final int INTERACTIVE_WEIGHT = 16;

  /** Turns of the standard lane, for {@value #BATCH_WEIGHT} of batch. */
  static final int STANDARD_WEIGHT = 4;

  /** Turns of the batch lane. */
  static final int BATCH_WEIGHT = 1;

  /** The most turns of others between two of the batch lane. */
  static final int MOST_BEFORE_BATCH = INTERACTIVE_WEIGHT + 1 + STANDARD_WEIGHT + 1;

  private final Map<Lane, Share<T>> shares = new EnumMap<>(Lane.class);
  private long virtualTime;

  /** Without any items. */
  public LaneScheduler() {
    for (Lane lane : Lane.values()) {
      shares.put(lane, new Share<>(INTERACTIVE_WEIGHT / weight(lane)));
    }
  }

  /** Puts an item in. */
  public void add(Lane lane, String tenant, T item) {
    Share<T> share = share(lane);
    if (share.queue.size() == 0) {
      share.tag = virtualTime + share.stride;
    }
    share.queue.add(tenant, item);
  }

  /**
   * Takes out the item whose turn it is.
   *
   * @param tryTake takes a place for an item of a lane; once it says true for a lane, that lane's
   *     item is returned. Asked at most once for each lane
   * @return null when there is no item, or no place for any
   */
  public @Nullable T next(Predicate<Lane> tryTake) {
    Set<Lane> refused = EnumSet.noneOf(Lane.class);
    for (Lane lane = first(refused); lane != null; lane = first(refused)) {
      if (tryTake.test(lane)) {
        return serve(share(lane));
      }
      refused.add(lane);
    }
    return null;
  }

  /**
   * Takes out the items that are unwanted; takes time for each item that there is.
   *
   * @param unwanted what to take out of a tenant's items; each is shown once, in order
   */
  public void trim(Lane lane, Function<String, Predicate<? super T>> unwanted) {
    share(lane).queue.trim(unwanted);
  }

  /** Takes out the items that are unwanted; takes time for each item that there is. */
  public void removeIf(Lane lane, Predicate<? super T> unwanted) {
    share(lane).queue.removeIf(unwanted);
  }

  /** How many items of a lane wait. */
  public int waiting(Lane lane) {
    return share(lane).queue.size();
  }

  /** How many tenants have items in a lane. */
  public int tenants(Lane lane) {
    return share(lane).queue.tenants();
  }

  /** Whether nothing waits. */
  public boolean isEmpty() {
    return shares.values().stream().allMatch(share -> share.queue.size() == 0);
  }

  /** The lane with the lowest tag among those that have items; the more urgent of two equals. */
  private @Nullable Lane first(Set<Lane> refused) {
    Lane first = null;
    long lowest = Long.MAX_VALUE;
    for (Map.Entry<Lane, Share<T>> each : shares.entrySet()) {
      Share<T> share = each.getValue();
      if (share.queue.size() > 0 && !refused.contains(each.getKey()) && share.tag < lowest) {
        first = each.getKey();
        lowest = share.tag;
      }
    }
    return first;
  }

  private T serve(Share<T> share) {
    virtualTime = Math.max(virtualTime, share.tag);
    share.tag = virtualTime + share.stride;
    return Objects.requireNonNull(share.queue.poll());
  }

  private Share<T> share(Lane lane) {
    return Objects.requireNonNull(shares.get(lane));
  }

  private static int weight(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> INTERACTIVE_WEIGHT;
      case STANDARD -> STANDARD_WEIGHT;
      case BATCH -> BATCH_WEIGHT;
    };
  }

  /** A lane's items and its place in virtual time. */
  private static final class Share<T> {

    private final FairQueue<T> queue = new FairQueue<>();
    private final long stride;

    /** The tag of the head; of no meaning while the lane is empty. */
    private long tag;

    Share(long stride) {
      this.stride = stride;
    }
  }
}
