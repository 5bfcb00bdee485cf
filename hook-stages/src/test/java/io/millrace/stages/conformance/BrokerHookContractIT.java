package io.millrace.stages.conformance;

import static io.millrace.stages.Exchanges.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.Scope;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.stages.BrokerPipeline;
import io.millrace.stages.PipelineUnderTest;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The hook contract on a broker, under exactly-once, and what only a broker can show. */
@ExtendWith(BrokerExtension.class)
class BrokerHookContractIT extends HookContract {

  private final TestBroker broker;
  @TempDir private Path stateDir;

  BrokerHookContractIT(TestBroker broker) {
    this.broker = broker;
  }

  @Override
  PipelineUnderTest open() {
    return new BrokerPipeline(broker, stateDir);
  }

  @ContractCase
  void shouldTakeBackWhatHooksWroteWhenTheTransactionIsAborted() {
    AtomicInteger deaths = new AtomicInteger(1);
    start(
        probe("counting")
            .described(hook -> hook.stateBy(Scope.TENANT))
            .pre(
                (request, context) -> {
                  byte[] before = context.state().get("count");
                  int count = before == null ? 1 : before[0] + 1;
                  context.state().put("count", new byte[] {(byte) count});
                  context.setAttribute("count", Integer.toString(count));
                  return PreHookResult.proceed(request);
                })
            .post(
                (outcome, context) -> {
                  calls().add("count " + context.attribute("count").orElseThrow());
                  return outcome;
                }),
        probe("fatal")
            .pre(
                (request, context) -> {
                  if (deaths.getAndDecrement() > 0) {
                    throw new InternalError("ends the stream thread on purpose");
                  }
                  return PreHookResult.proceed(request);
                }));
    pipeline().request(pipeline().accepted("r1", "one/small"));
    pipeline().reply(answered(pipeline().dispatched(), "yes"));
    CompletionResult result = pipeline().result();
    assertThat(result.getRequestId()).isEqualTo("r1");
    assertThat(calls())
        .as("run twice, counted once")
        .containsExactly(
            "counting>", "fatal>", "counting>", "fatal>", "<fatal", "<counting", "count 1");
    assertThat(pipeline().furtherResults()).isEmpty();
    assertThat(pipeline().events())
        .filteredOn(event -> event.getType().equals("request-accepted"))
        .hasSize(1);
  }
}
