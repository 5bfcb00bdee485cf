package io.millrace.stages;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The home stage with a chain of hooks, and the test in the place of ingest and of the workers.
 * What is asked for is waited for. Providers {@code one} (any model) and {@code two} (model {@code
 * big}) are configured.
 */
public interface PipelineUnderTest extends AutoCloseable {

  /** How many exchanges of one tenant may be parked. */
  int MAX_PARKED = 5;

  /** A deadline to wait for; long enough to be dispatched before it, also on a busy machine. */
  Duration SHORT_TIMEOUT = Duration.ofSeconds(4);

  /** Starts the stage; what a start throws comes through. */
  void start(List<HookSetting> chain);

  /** Stops the stage and starts it with another chain. */
  void restart(List<HookSetting> chain);

  /** What time it is there. */
  Instant now();

  /** Lets time pass where it does not pass by itself. */
  void letPass(Duration duration);

  /** Sends a request; it is accepted where its exchange was made. */
  void request(Exchange exchange);

  /** The next exchange that goes to a provider. */
  Exchange dispatched();

  /** Answers for a provider. */
  void reply(Exchange exchange);

  /** The next result. */
  CompletionResult result();

  /** What goes to providers and results that nobody has asked for yet. */
  List<Exchange> furtherDispatches();

  /** Results that nobody has asked for yet. */
  List<CompletionResult> furtherResults();

  /** Orders a hook on or off and waits until the stage follows. */
  void order(String hook, boolean on);

  /** Every event about an exchange so far. */
  List<PipelineEvent> events();

  /** The hooks as an administrator sees them. */
  List<HookStatus> hooks();

  /** A request that was accepted now and may take a minute. */
  default Exchange accepted(String id, String model, String... fallbacks) {
    return accepted(id, Duration.ofMinutes(1), model, fallbacks);
  }

  /** A request that was accepted now. */
  default Exchange accepted(String id, Duration timeout, String model, String... fallbacks) {
    Exchange exchange = Exchanges.accepted(id, model, fallbacks);
    exchange.setAcceptedAtMillis(now().toEpochMilli());
    exchange.setDeadlineMillis(now().plus(timeout).toEpochMilli());
    return exchange;
  }

  @Override
  void close();
}
