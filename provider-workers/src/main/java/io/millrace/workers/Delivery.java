package io.millrace.workers;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One record being worked on. Whoever works on it calls {@link #end} exactly once, from any thread.
 *
 * @param record what was read
 * @param assignment the partition it was read from, as it was then
 * @param owner hears how it ends
 */
record Delivery(ConsumerRecord<byte[], byte[]> record, Assignment assignment, Owner owner) {

  /**
   * Gives the record back.
   *
   * @param done whether everything it asked for is safe on the broker; if not, it is read again
   *     after the next change of owner
   */
  void end(boolean done) {
    owner.ended(this, done);
  }

  /** Reports an error of the virtual machine; {@link #end} is still to be called. */
  void fail(Throwable cause) {
    owner.fail(cause);
  }

  /** Who handed the record out. Thread-safe. */
  interface Owner {

    /** Called once for each delivery. */
    void ended(Delivery delivery, boolean done);

    /** The worker cannot go on. */
    void fail(Throwable cause);
  }
}
