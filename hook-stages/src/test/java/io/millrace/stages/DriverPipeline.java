package io.millrace.stages;

import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.stages.HookSwitches.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The home stage in Kafka's test driver: nothing happens but what the test does. */
public final class DriverPipeline implements PipelineUnderTest {

  /** How long it lets pass for something to come. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration STEP = Duration.ofMillis(100);

  private final Path stateDir;
  private final Deque<Exchange> dispatches = new ArrayDeque<>();
  private final Deque<CompletionResult> results = new ArrayDeque<>();
  private final List<PipelineEvent> events = new ArrayList<>();
  private @Nullable HomeDriver driver;

  /** A pipeline whose stores live in a folder. */
  public DriverPipeline(Path stateDir) {
    this.stateDir = stateDir;
  }

  @Override
  public void start(List<HookSetting> chain) {
    driver = new HomeDriver(stateDir.resolve("first"), active(chain));
  }

  @Override
  public void restart(List<HookSetting> chain) {
    collect();
    driver = driver().restart(active(chain));
  }

  private static ActiveHook[] active(List<HookSetting> chain) {
    TestEnvironment environment = new TestEnvironment();
    return HookChain.create(chain, name -> environment.environment(), environment)
        .hooks()
        .toArray(ActiveHook[]::new);
  }

  @Override
  public Instant now() {
    return driver().now();
  }

  @Override
  public void letPass(Duration duration) {
    driver().advance(duration);
  }

  @Override
  public void request(Exchange exchange) {
    driver().request(exchange);
  }

  @Override
  public Exchange dispatched() {
    return await(dispatches, "an exchange for a provider");
  }

  @Override
  public void reply(Exchange exchange) {
    driver().reply(exchange);
  }

  @Override
  public CompletionResult result() {
    return await(results, "a result");
  }

  private <T> T await(Deque<T> queue, String what) {
    collect();
    for (Duration passed = Duration.ZERO;
        queue.isEmpty() && passed.compareTo(PATIENCE) < 0;
        passed = passed.plus(STEP)) {
      driver().advance(STEP);
      collect();
    }
    if (queue.isEmpty()) {
      throw new AssertionError("no sign of " + what + " within " + PATIENCE);
    }
    return queue.removeFirst();
  }

  @Override
  public List<Exchange> furtherDispatches() {
    collect();
    return takeAll(dispatches);
  }

  @Override
  public List<CompletionResult> furtherResults() {
    collect();
    return takeAll(results);
  }

  @Override
  public void order(String hook, boolean on) {
    driver().chain.order(hook, on ? Position.ON : Position.OFF, "test");
  }

  @Override
  public List<PipelineEvent> events() {
    collect();
    return List.copyOf(events);
  }

  @Override
  public List<HookStatus> hooks() {
    return driver().chain.status();
  }

  @Override
  public void close() {
    if (driver != null) {
      driver.close();
    }
  }

  private HomeDriver driver() {
    return Objects.requireNonNull(driver, "not started");
  }

  private void collect() {
    dispatches.addAll(driver().dispatched());
    results.addAll(driver().results());
    events.addAll(driver().events());
  }

  private static <T> List<T> takeAll(Deque<T> queue) {
    List<T> all = List.copyOf(queue);
    queue.clear();
    return all;
  }
}
