package io.millrace.benchmarks;

import java.util.BitSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Which requests of a load were answered, and how often more than once. One thread notes. */
final class Seen {

  private final Workload load;
  private final BitSet answered = new BitSet();
  private long duplicates;

  Seen(Workload load) {
    this.load = load;
  }

  synchronized void note(ConsumerRecord<String, byte[]> result) {
    int number = (int) load.numberOf(result.key());
    if (answered.get(number)) {
      duplicates++;
    }
    answered.set(number);
  }

  /** How many of the first so many have no result. */
  synchronized long missing(long total) {
    return total - answered.get(0, (int) total).cardinality();
  }

  synchronized long duplicates() {
    return duplicates;
  }
}
