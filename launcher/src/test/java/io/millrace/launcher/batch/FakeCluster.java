package io.millrace.launcher.batch;

import io.millrace.schemas.avro.Choice;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Message;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.avro.Usage;
import io.millrace.schemas.model.TrustedRecords;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;

/** What a cluster remembers across runs of a batch: ids it accepted, results, a saved place. */
final class FakeCluster {

  static {
    TrustedRecords.trust();
  }

  static final long COST_NANOS = 1_500_000;

  /** Which requests fail. */
  Predicate<String> fails = id -> false;

  final Set<String> accepted = new HashSet<>();
  final Map<String, Integer> calls = new HashMap<>();
  final List<String> log = new ArrayList<>();
  final Queue<String> underWay = new ArrayDeque<>();
  Optional<Checkpoint> checkpoint = Optional.empty();
  int firstOffset;
  int savedOffset;
  int mostUnderWay;

  void accept(String requestId) {
    if (accepted.add(requestId)) {
      underWay.add(requestId);
      mostUnderWay = Math.max(mostUnderWay, underWay.size());
    }
  }

  /** Finishes some of what is under way. */
  void finish(int count) {
    for (int i = 0; i < count && !underWay.isEmpty(); i++) {
      String id = underWay.remove();
      calls.merge(id, 1, Integer::sum);
      log.add(id);
    }
  }

  CompletionResult result(int offset) {
    String id = log.get(offset);
    return fails.test(id) ? failed(id) : completed(id);
  }

  static CompletionResult completed(String requestId) {
    Message message =
        Message.newBuilder().setRole("assistant").setContent("to " + requestId).build();
    Completion completion =
        Completion.newBuilder()
            .setId("chatcmpl-1")
            .setModel("small")
            .setCreatedSeconds(1)
            .setChoices(
                List.of(
                    Choice.newBuilder()
                        .setIndex(0)
                        .setMessage(message)
                        .setFinishReason("stop")
                        .build()))
            .setUsage(Usage.newBuilder().setPromptTokens(10).setCompletionTokens(20).build())
            .build();
    return result(requestId, completion);
  }

  static CompletionResult failed(String requestId) {
    return result(
        requestId,
        PipelineError.newBuilder()
            .setCode("upstream_error")
            .setCategory("UPSTREAM")
            .setMessage("the provider failed")
            .setHttpStatus(502)
            .build());
  }

  private static CompletionResult result(String requestId, Object outcome) {
    return CompletionResult.newBuilder()
        .setRequestId(requestId)
        .setTenant("default")
        .setRequestedModel("simulated/small")
        .setOutcome(outcome)
        .setLane(Lane.BATCH)
        .setAcceptedAtMillis(1)
        .setFinishedAtMillis(2)
        .setCostNanos(COST_NANOS)
        .build();
  }
}
