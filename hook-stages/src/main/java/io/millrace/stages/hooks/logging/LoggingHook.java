package io.millrace.stages.hooks.logging;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.stages.hooks.redact.Redactor;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Logs a sample of requests with their outcome, and every error. */
final class LoggingHook implements Hook {

  private static final Logger LOG = LoggerFactory.getLogger(LoggingHook.class);
  private static final Redactor REDACTOR = Redactor.standard();
  private static final int SAMPLE_STEPS = 1_000_000;

  private final double sample;
  private final int previewCharacters;

  LoggingHook(double sample, int previewCharacters) {
    this.sample = sample;
    this.previewCharacters = previewCharacters;
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    if (sampled(context.requestId())) {
      LoggingEventBuilder line =
          describe(LOG.atInfo(), context)
              .addKeyValue("messages", request.messages().size())
              .addKeyValue("tools", request.tools().size());
      withPreview(line, "prompt", lastText(request)).log("request");
    }
    return PreHookResult.proceed(request);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    switch (outcome) {
      case Completion completion -> {
        if (sampled(context.requestId())) {
          logCompletion(completion, context);
        }
      }
      case PipelineError error ->
          describe(LOG.atWarn(), context)
              .addKeyValue("code", error.code())
              .addKeyValue("error", REDACTOR.forLog(error.message()))
              .log("request failed");
    }
    return outcome;
  }

  /** The same answer for a request in both directions and on every instance. */
  boolean sampled(String requestId) {
    int step = Math.floorMod(requestId.hashCode() * 0x9E3779B1, SAMPLE_STEPS);
    return step < sample * SAMPLE_STEPS;
  }

  private void logCompletion(Completion completion, HookContext context) {
    LoggingEventBuilder line =
        describe(LOG.atInfo(), context)
            .addKeyValue("promptTokens", completion.usage().promptTokens())
            .addKeyValue("completionTokens", completion.usage().completionTokens())
            .addKeyValue(
                "sinceAcceptedMillis",
                Duration.between(context.acceptedAt(), context.now()).toMillis());
    withPreview(line, "answer", completion.text()).log("response");
  }

  private static LoggingEventBuilder describe(LoggingEventBuilder line, HookContext context) {
    return line.addKeyValue("requestId", context.requestId())
        .addKeyValue("tenant", context.tenant())
        .addKeyValue("attempt", context.attempt())
        .addKeyValue("target", context.target());
  }

  private LoggingEventBuilder withPreview(LoggingEventBuilder line, String key, String text) {
    if (previewCharacters == 0) {
      return line;
    }
    String redacted = REDACTOR.forLog(text);
    return line.addKeyValue(
        key, redacted.substring(0, Math.min(previewCharacters, redacted.length())));
  }

  private static String lastText(CompletionRequest request) {
    Message last = request.messages().getLast();
    return last.text();
  }
}
