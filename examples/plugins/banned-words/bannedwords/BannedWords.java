package bannedwords;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Fails requests and answers that have one of some words. Thread-safe: it has no state. */
final class BannedWords implements Hook {

  private final Pattern banned;

  BannedWords(List<String> words) {
    banned =
        Pattern.compile(
            words.stream().map(Pattern::quote).collect(Collectors.joining("|", "\\b(", ")\\b")),
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    boolean found =
        request.messages().stream()
            .map(Message::text)
            .anyMatch(text -> banned.matcher(text).find());
    return found
        ? PreHookResult.fail(refused("the prompt", context))
        : PreHookResult.proceed(request);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    return outcome instanceof Completion answer && banned.matcher(answer.text()).find()
        ? refused("the answer", context)
        : outcome;
  }

  private static PipelineError refused(String where, HookContext context) {
    context.emit("banned-words-found", Map.of("where", where));
    return new PipelineError(
        "banned_words",
        ErrorCategory.SECURITY,
        where + " has a word that is not allowed here",
        422,
        null,
        null,
        null);
  }
}
