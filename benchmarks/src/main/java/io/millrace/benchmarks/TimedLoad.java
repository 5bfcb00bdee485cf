package io.millrace.benchmarks;

import io.millrace.ingest.ExchangePublisher;
import io.millrace.schemas.avro.Exchange;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Requests of one load, each timed from when it was due to its result. One thread sends, another
 * notes results, any may ask.
 */
final class TimedLoad {

  private static final long WATCH_MILLIS = 20;

  private final Workload load;
  private final Consumer<Exchange> change;
  private final AtomicLongArray due;
  private final AtomicLongArray done;
  private final AtomicInteger answered = new AtomicInteger();
  private final Feed.Failures failures = new Feed.Failures();

  /**
   * So many requests of a load.
   *
   * @param change made to each before it is sent
   */
  TimedLoad(Workload load, int count, Consumer<Exchange> change) {
    this.load = load;
    this.change = change;
    this.due = new AtomicLongArray(count);
    this.done = new AtomicLongArray(count);
  }

  /** Sends them at random times, so many a second. */
  void sendAt(double perSecond, ExchangePublisher publisher) {
    OpenLoop.run(perSecond, due.length(), (number, at) -> send(number, at, publisher));
  }

  /** Sends them all, as fast as the broker takes them. */
  void sendAtOnce(ExchangePublisher publisher) {
    for (int number = 0; number < due.length(); number++) {
      send(number, System.nanoTime(), publisher);
    }
  }

  void send(int number, long dueNanos, ExchangePublisher publisher) {
    failures.throwFirst();
    due.set(number, dueNanos);
    Exchange exchange = load.exchange(number);
    change.accept(exchange);
    publisher.publish(exchange).whenComplete((sent, failure) -> failures.note(failure));
  }

  /** Notes a result, if it is one of this load's and its first. */
  void note(ConsumerRecord<String, byte[]> result) {
    int number = numberOf(result);
    if (number >= 0 && done.compareAndSet(number, 0, System.nanoTime())) {
      answered.incrementAndGet();
    }
  }

  /** Which of this load's requests a result belongs to; -1 for none. */
  int numberOf(ConsumerRecord<String, byte[]> result) {
    long number = load.numberOf(result.key());
    return number < due.length() ? (int) number : -1;
  }

  int answered() {
    return answered.get();
  }

  long dueNanos(int number) {
    return due.get(number);
  }

  /** 0 while there is no result. */
  long doneNanos(int number) {
    return done.get(number);
  }

  /** Waits until all have a result. */
  void await(Duration timeout, Runnable health) throws InterruptedException {
    long until = System.nanoTime() + timeout.toNanos();
    while (answered() < due.length()) {
      health.run();
      if (System.nanoTime() - until > 0) {
        throw new IllegalStateException(
            "%d of %d requests have a result after %d s"
                .formatted(answered(), due.length(), timeout.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
    }
  }

  /** Of those from one number to before another that have a result. */
  Latencies latencies(int from, int to) {
    Latencies latencies = new Latencies();
    for (int number = from; number < to; number++) {
      if (done.get(number) != 0) {
        latencies.recordNanos(done.get(number) - due.get(number));
      }
    }
    return latencies;
  }

  Latencies latencies() {
    return latencies(0, due.length());
  }
}
