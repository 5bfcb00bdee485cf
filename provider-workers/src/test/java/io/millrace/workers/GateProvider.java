package io.millrace.workers;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Answers at once, but holds calls of some ids until the gate opens. Counts. Thread-safe. */
final class GateProvider implements Provider, ProviderFactory {

  private final Predicate<String> held;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final AtomicInteger holding = new AtomicInteger();

  private GateProvider(Predicate<String> held) {
    this.held = held;
  }

  /** A provider that holds calls whose id, {@code tenant/request#attempt}, is one of these. */
  static GateProvider holding(Predicate<String> held) {
    return new GateProvider(held);
  }

  @Override
  public String type() {
    return "gate";
  }

  @Override
  public Provider create(String name, Map<String, Object> settings) {
    return this;
  }

  @Override
  public ProviderReply complete(ProviderRequest request) throws InterruptedException {
    begun.add(request.callId());
    if (held.test(request.callId())) {
      holding.incrementAndGet();
      try {
        gate.await();
      } finally {
        holding.decrementAndGet();
      }
    }
    return new ProviderReply.Success(
        Completion.ofText("c-" + request.callId(), request.model(), 0, "ok", Usage.of(1, 1)), 200);
  }

  /** Lets held calls go, and holds no more. */
  void open() {
    gate.countDown();
  }

  /** The call ids begun so far, in order. */
  List<String> begun() {
    return begun;
  }

  /** How many calls are being held. */
  int heldNow() {
    return holding.get();
  }
}
