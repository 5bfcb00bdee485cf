package io.millrace.stages.hooks.mock;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.ToolCall;
import io.millrace.plugin.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A completion.
 *
 * @param text what it says, or null where it only calls tools
 * @param toolCalls what it calls, by name, with templates of their arguments
 * @param finishReason why it ended
 * @param model the model it names, or null for the target's
 * @param promptTokens as if used; null for a quarter of the prompt's characters
 * @param completionTokens as if used; null for a quarter of the text's characters
 */
record CompletionReply(
    @Nullable Template text,
    List<Map.Entry<String, Template>> toolCalls,
    String finishReason,
    @Nullable String model,
    @Nullable Long promptTokens,
    @Nullable Long completionTokens)
    implements Reply {

  private static final int CHARACTERS_PER_TOKEN = 4;

  @Override
  public PreHookResult to(CompletionRequest request, HookContext context) {
    String said = text == null ? null : text.filled(request, context);
    Message message =
        new Message(
            "assistant",
            said == null ? null : new Content.Text(said),
            null,
            calls(request, context),
            null,
            Map.of());
    return PreHookResult.respond(
        new Completion(
            "mock-" + context.requestId(),
            model == null ? context.target().model() : model,
            context.now().getEpochSecond(),
            List.of(new Completion.Choice(0, message, finishReason, Map.of())),
            usage(request, said == null ? "" : said),
            Map.of()));
  }

  private List<ToolCall> calls(CompletionRequest request, HookContext context) {
    List<ToolCall> calls = new ArrayList<>();
    for (Map.Entry<String, Template> call : toolCalls) {
      String id = "call_mock_" + calls.size();
      calls.add(new ToolCall(id, call.getKey(), call.getValue().filled(request, context)));
    }
    return calls;
  }

  private Usage usage(CompletionRequest request, String said) {
    long prompt =
        promptTokens != null
            ? promptTokens
            : request.messages().stream().mapToLong(message -> tokens(message.text())).sum();
    return Usage.of(prompt, completionTokens != null ? completionTokens : tokens(said));
  }

  private static long tokens(String text) {
    return (text.length() + CHARACTERS_PER_TOKEN - 1L) / CHARACTERS_PER_TOKEN;
  }
}
