package io.millrace.embedded.broker;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.Controller;
import org.apache.kafka.controller.ControllerRequestContext;

/**
 * The broker that used this data folder before. A killed one stays registered until its session
 * ends, and meanwhile its successor, not yet admitted, already acts as the leader of its
 * partitions. Kafka 4.3 then loses the end of open transactions when the session does end, and
 * their records block committed readers for ever. Whoever holds the folder's lock knows that the
 * former broker is gone, so it need not wait.
 */
final class FormerBroker {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration ELECTION_POLL = Duration.ofMillis(50);

  private final Controller controller;
  private final long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();

  FormerBroker(Controller controller) {
    this.controller = controller;
  }

  /** Takes the former broker's registration away, if there is one. */
  void unregister() {
    try {
      boolean done = tryUnregister();
      while (!done) {
        TimeUnit.NANOSECONDS.sleep(ELECTION_POLL.toNanos());
        done = tryUnregister();
      }
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (TimeoutException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(e);
    }
  }

  /** False while the controller, alone as it is, has not yet elected itself. */
  private boolean tryUnregister()
      throws ExecutionException, TimeoutException, InterruptedException {
    ControllerRequestContext context =
        new ControllerRequestContext(
            new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
    CompletableFuture<Void> unregistered =
        controller.unregisterBroker(context, BrokerSettings.NODE_ID);
    try {
      unregistered.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BrokerIdNotRegisteredException) {
        return true;
      }
      if (e.getCause() instanceof NotControllerException && System.nanoTime() < deadlineNanos) {
        return false;
      }
      throw e;
    }
  }

  private static EmbeddedBrokerException failure(Exception cause) {
    return new EmbeddedBrokerException(
        "cannot end the former broker's registration (%s): see the log"
            .formatted(cause.getMessage()),
        cause);
  }
}
