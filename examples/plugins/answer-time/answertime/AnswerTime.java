package answertime;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.Middleware;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Adds a field to each completion: how long its attempt took. Thread-safe: it has no state. */
final class AnswerTime extends Middleware {

  private final String field;

  AnswerTime(String field) {
    this.field = field;
  }

  @Override
  protected Outcome after(Outcome outcome, Duration elapsed, HookContext context) {
    return outcome instanceof Completion answer ? timed(answer, elapsed) : outcome;
  }

  private Completion timed(Completion answer, Duration elapsed) {
    Map<String, String> extra = new HashMap<>(answer.extra());
    extra.put(field, Long.toString(elapsed.toMillis()));
    return new Completion(
        answer.id(),
        answer.model(),
        answer.createdSeconds(),
        answer.choices(),
        answer.usage(),
        extra);
  }
}
