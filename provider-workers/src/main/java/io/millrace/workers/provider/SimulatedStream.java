package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells an answer word by word. For one stream and one thread. */
final class SimulatedStream {

  private static final Pattern WORD = Pattern.compile("\\s*\\S+\\s*$|\\s*\\S+");

  /** Shorter waits are saved up: a thread cannot sleep that short. */
  private static final long LEAST_SLEEP_NANOS = 1_000_000;

  private final ProviderRequest request;
  private final Completion completion;
  private final ChunkSink chunks;
  private final SimulatedProvider.Sleeper sleeper;
  private long owedNanos;
  private long leftNanos;

  SimulatedStream(
      ProviderRequest request,
      Completion completion,
      ChunkSink chunks,
      SimulatedProvider.Sleeper sleeper) {
    this.request = request;
    this.completion = completion;
    this.chunks = chunks;
    this.sleeper = sleeper;
    this.leftNanos = SimulatedProvider.nanos(request.timeout());
  }

  /**
   * Tells the answer.
   *
   * @param delayNanos until the first word
   * @param textNanos for the text
   * @param cut whether the connection breaks off half way
   */
  ProviderReply tell(long delayNanos, long textNanos, boolean cut)
      throws ChunkSink.StoppedException, InterruptedException {
    owedNanos = delayNanos;
    if (!sleep()) {
      return SimulatedFaults.timeout(request.timeout());
    }
    chunks.accept(chunk(delta().put("role", "assistant").put("content", ""), null));
    String text = completion.text();
    int end = cut ? text.length() / 2 : text.length();
    Matcher word = WORD.matcher(text.substring(0, end));
    while (word.find()) {
      owedNanos += (long) ((double) textNanos * word.group().length() / text.length());
      if (owedNanos >= LEAST_SLEEP_NANOS && !sleep()) {
        return SimulatedFaults.timeout(request.timeout());
      }
      chunks.accept(chunk(delta().put("content", word.group()), null));
    }
    return cut ? SimulatedFaults.cut() : end();
  }

  private ProviderReply end() throws ChunkSink.StoppedException, InterruptedException {
    if (!sleep()) {
      return SimulatedFaults.timeout(request.timeout());
    }
    chunks.accept(chunk(delta(), completion.choices().getFirst().finishReason()));
    if (ChunkRelay.wantsUsage(request.request())) {
      chunks.accept(usage());
    }
    return new ProviderReply.Success(completion, HttpReplies.OK);
  }

  /** Whether there was time enough. */
  private boolean sleep() throws InterruptedException {
    boolean inTime = owedNanos < leftNanos;
    long nanos = Math.min(owedNanos, leftNanos);
    owedNanos = 0;
    leftNanos -= nanos;
    if (nanos > 0) {
      sleeper.sleep(Duration.ofNanos(nanos));
    }
    return inTime;
  }

  private String usage() {
    Usage usage = completion.usage();
    ObjectNode last = head();
    last.putArray("choices");
    last.putObject("usage")
        .put("prompt_tokens", usage.promptTokens())
        .put("completion_tokens", usage.completionTokens())
        .put("total_tokens", usage.totalTokens());
    return last.toString();
  }

  private String chunk(ObjectNode delta, @Nullable String finishReason) {
    ObjectNode chunk = head();
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.put("finish_reason", finishReason);
    return chunk.toString();
  }

  private ObjectNode head() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", completion.id())
        .put("object", "chat.completion.chunk")
        .put("created", completion.createdSeconds())
        .put("model", completion.model());
  }

  private static ObjectNode delta() {
    return JsonNodeFactory.instance.objectNode();
  }
}
