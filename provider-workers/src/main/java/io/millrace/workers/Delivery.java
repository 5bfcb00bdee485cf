package io.millrace.workers;

import io.millrace.workers.Ending.Setback;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One record being worked on. Whoever works on it calls {@link #end} exactly once, from any thread.
 *
 * @param record what was read
 * @param assignment the partition it was read from, as it was then
 * @param owner hears how it ends
 * @param setback what it has behind it
 */
record Delivery(
    ConsumerRecord<byte[], byte[]> record, Assignment assignment, Owner owner, Setback setback) {

  /** A delivery that was not postponed. */
  Delivery(ConsumerRecord<byte[], byte[]> record, Assignment assignment, Owner owner) {
    this(record, assignment, owner, Setback.NONE);
  }

  /** The same, to be worked on anew. */
  Delivery after(Setback later) {
    return new Delivery(record, assignment, owner, later);
  }

  /** Gives the record back. */
  void end(Ending ending) {
    owner.ended(this, ending);
  }

  /** Reports an error of the virtual machine; {@link #end} is still to be called. */
  void fail(Throwable cause) {
    owner.fail(cause);
  }

  /** Who handed the record out. Thread-safe. */
  interface Owner {

    /** Called once for each delivery. */
    void ended(Delivery delivery, Ending ending);

    /** The worker cannot go on. */
    void fail(Throwable cause);
  }
}
