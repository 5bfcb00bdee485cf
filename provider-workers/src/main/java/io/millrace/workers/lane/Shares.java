package io.millrace.workers.lane;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Room that tenants share, in items and in bytes. Where it is short, a tenant may add to what it
 * has while it has less than what is free. So {@code n} tenants that want more than there is come
 * to {@code 1 / (n + 1)} of the room each, and as much stays free for one that comes anew
 * (Choudhury and Hahne: Dynamic queue length thresholds for shared-memory packet switches, IEEE/ACM
 * Transactions on Networking, 1998; their alpha is 1 here). Not thread-safe.
 */
public final class Shares {

  private final int maxItems;
  private final long maxBytes;
  private final Map<String, Holding> tenants = new HashMap<>();
  private int items;
  private long bytes;

  /**
   * Room for so much; the last item may go beyond the bytes.
   *
   * @param maxItems at least 1
   * @param maxBytes at least 1
   */
  public Shares(int maxItems, long maxBytes) {
    this.maxItems = maxItems;
    this.maxBytes = maxBytes;
  }

  /** Adds an item of a tenant, whether there is room or not. */
  public void hold(String tenant, long itemBytes) {
    Holding holding = tenants.computeIfAbsent(tenant, name -> new Holding());
    holding.items++;
    holding.bytes += itemBytes;
    items++;
    bytes += itemBytes;
  }

  /** Takes an item away that was added. */
  public void letGo(String tenant, long itemBytes) {
    Holding holding = tenants.get(tenant);
    if (holding == null) {
      throw new IllegalStateException("nothing is held of this tenant");
    }
    holding.items--;
    holding.bytes -= itemBytes;
    items--;
    bytes -= itemBytes;
    if (holding.items == 0) {
      tenants.remove(tenant);
    }
  }

  /** How many items there are. */
  public int items() {
    return items;
  }

  /** How many items a tenant has. */
  public int items(String tenant) {
    Holding holding = tenants.get(tenant);
    return holding == null ? 0 : holding.items;
  }

  /** Whether there is room for one more. */
  public boolean hasRoom() {
    return items < maxItems && bytes < maxBytes;
  }

  /** Whether a tenth of the room is free. */
  public boolean hasRoomAgain() {
    return items <= maxItems - maxItems / 10 && bytes <= maxBytes - maxBytes / 10;
  }

  /** Whether a tenant has anything. */
  public boolean has(String tenant) {
    return tenants.containsKey(tenant);
  }

  /** Whether a tenant may add to what it has, where room is short. */
  public boolean allows(String tenant) {
    return isBelow(tenants.get(tenant), 1);
  }

  /** Whether a tenant has less than half of what it may have, where room is short. */
  public boolean runsLow(String tenant) {
    return isBelow(tenants.get(tenant), 2);
  }

  /** How many items a tenant may keep when all have to make room; at least 1. */
  public int itemsEach() {
    return Math.max(1, maxItems / (tenants.size() + 1));
  }

  /** The same in bytes. */
  public long bytesEach() {
    return maxBytes / (tenants.size() + 1);
  }

  /** Whether so many times what a tenant has is less than what is free; one item it may have. */
  private boolean isBelow(@Nullable Holding holding, int times) {
    return holding == null
        || ((long) holding.items * times < maxItems - items
            && holding.bytes * times < maxBytes - bytes);
  }

  /** What one tenant has. */
  private static final class Holding {

    private int items;
    private long bytes;
  }
}
