package io.millrace.workers.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;

class FairQueueTest {

  private static final int TENANTS = 8;

  private final FairQueue<Integer> queue = new FairQueue<>();
  private final Map<Integer, Integer> put = new HashMap<>();
  private final Map<Integer, Integer> taken = new HashMap<>();

  /** Between two turns of a tenant that waits, each other one has one turn, or two at its ends. */
  @RepeatedTest(10)
  void shouldLetNoTenantWaitLongerThanARound() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<Integer, Integer> waited = new HashMap<>();
    for (int step = 0; step < 3_000; step++) {
      int tenant = random.nextInt(TENANTS);
      for (int i = random.nextInt(tenant == 0 ? 50 : 3); i > 0; i--) {
        queue.add("t" + tenant, tenant);
        put.merge(tenant, 1, Integer::sum);
      }
      Set<Integer> waiting = waiting();
      assertThat(queue.tenants()).as("seed %d", seed).isEqualTo(waiting.size());
      Integer served = queue.poll();
      if (served != null) {
        taken.merge(served, 1, Integer::sum);
        waited.remove(served);
        waiting.remove(served);
        waiting.forEach(other -> waited.merge(other, 1, Integer::sum));
        assertThat(waited.values()).as("seed %d", seed).allMatch(turns -> turns < TENANTS);
      }
    }
  }

  private Set<Integer> waiting() {
    Set<Integer> waiting = new HashSet<>();
    put.forEach(
        (tenant, count) -> {
          if (count > taken.getOrDefault(tenant, 0)) {
            waiting.add(tenant);
          }
        });
    return waiting;
  }
}
