package io.millrace.embedded.broker;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the broker's first fatal fault instead of ending the process, as Kafka's own handler
 * would: whoever started the broker decides.
 */
final class BrokerFaults implements FaultHandlerFactory {

  private static final Logger log = LoggerFactory.getLogger(BrokerFaults.class);

  private final AtomicReference<@Nullable Throwable> firstFatal = new AtomicReference<>();

  Optional<Throwable> firstFatal() {
    return Optional.ofNullable(firstFatal.get());
  }

  @Override
  public FaultHandler build(String name, boolean fatal, Runnable action) {
    return (message, cause) -> {
      log.error("broker fault in {}: {}", name, message, cause);
      RuntimeException fault =
          new EmbeddedBrokerException("broker fault in " + name + ": " + message, cause);
      if (fatal) {
        firstFatal.compareAndSet(null, fault);
      }
      action.run();
      return fault;
    };
  }
}
