package io.millrace.stages.conformance;

import static io.millrace.stages.Exchanges.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Usage;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.stages.HookSetting;
import io.millrace.stages.HookStatus;
import io.millrace.stages.PipelineUnderTest;
import java.util.Arrays;
import java.util.List;

/** What cases of the hook contract are made of. */
interface ContractSteps {

  /** A model of the first of the two providers there are. */
  String SMALL = "one/small";

  /** A model of the second. */
  String BIG = "two/big";

  /** What the case runs on. */
  PipelineUnderTest pipeline();

  /** Which hooks were called, as {@link Probe} writes it down. */
  List<String> calls();

  default void start(Probe... probes) {
    pipeline().start(settings(probes));
  }

  default List<HookSetting> settings(Probe... probes) {
    return Arrays.stream(probes).map(Probe::setting).toList();
  }

  default Probe probe(String name) {
    return new Probe(name, calls());
  }

  default Exchange dispatch(String id, String... fallbacks) {
    pipeline().request(pipeline().accepted(id, SMALL, fallbacks));
    return pipeline().dispatched();
  }

  default CompletionResult answer(String id) {
    return answer(id, SMALL);
  }

  default CompletionResult answer(String id, String model) {
    pipeline().request(pipeline().accepted(id, model));
    pipeline().reply(answered(pipeline().dispatched(), "yes"));
    CompletionResult result = pipeline().result();
    assertThat(result.getRequestId()).isEqualTo(id);
    return result;
  }

  default List<PipelineEvent> eventsOf(String type) {
    return pipeline().events().stream().filter(event -> event.getType().equals(type)).toList();
  }

  default HookStatus statusOf(String hook) {
    return pipeline().hooks().stream()
        .filter(status -> status.name().equals(hook))
        .findFirst()
        .orElseThrow();
  }

  default CompletionRequest saying(String text) {
    return CompletionRequest.of(SMALL, "x").withMessages(List.of(Message.user(text)));
  }

  default Completion completion(String text) {
    return Completion.ofText("id", "model", 1, text, Usage.NONE);
  }
}
