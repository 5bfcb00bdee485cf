package io.millrace.stages.hooks.validate;

import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import java.util.List;
import java.util.Map;

/** Refuses requests that cannot end well, before they cost anything, and cleans replies. */
final class ValidateHook implements Hook {

  static final String REFUSED = "millrace.validate.refused";
  static final String CLEANED = "millrace.validate.cleaned";
  static final String EVENT_REFUSED = "request-invalid";
  static final String EVENT_CUT = "reply-cut";

  private final ValidateSettings settings;
  private final Meters meters;

  ValidateHook(ValidateSettings settings, Meters meters) {
    this.settings = settings;
    this.meters = meters;
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    Faults faults = new Faults();
    settings.sizes().check(request, faults);
    settings.roles().check(request, faults);
    ParameterRules.check(request, faults);
    if (settings.controlCharacters() == ControlPolicy.REFUSE) {
      checkControls(request.messages(), faults);
    }
    if (!faults.none()) {
      return refuse(faults, false, context);
    }
    settings.models().check(request, context.target(), faults);
    if (!faults.none()) {
      return refuse(faults, true, context); // a fallback may be up to it
    }
    return PreHookResult.proceed(
        settings.controlCharacters() == ControlPolicy.STRIP ? cleaned(request) : request);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    return switch (outcome) {
      case Completion completion -> sanitized(completion, context);
      case PipelineError error -> error;
    };
  }

  @Override
  public ChunkResult onChunk(Chunk chunk) {
    if (!settings.cleanReplies()) {
      return ChunkResult.pass(chunk);
    }
    String clean = ControlCharacters.strippedFromJson(chunk.json());
    return ChunkResult.pass(
        clean.equals(chunk.json()) ? chunk : new Chunk(chunk.sequence(), clean));
  }

  private Completion sanitized(Completion completion, HookContext context) {
    Completion clean =
        settings.cleanReplies() ? ControlCharacters.STRIPPING.of(completion) : completion;
    if (clean != completion) {
      meters.count(CLEANED, Map.of("what", "reply"), 1);
    }
    Completion cut = settings.replyCut().of(clean);
    if (cut != clean) {
      context.emit(
          EVENT_CUT,
          Map.of("max-characters", Integer.toString(settings.replyCut().maxCharacters())));
    }
    return cut;
  }

  private CompletionRequest cleaned(CompletionRequest request) {
    CompletionRequest clean = ControlCharacters.STRIPPING.of(request);
    if (clean != request) {
      meters.count(CLEANED, Map.of("what", "request"), 1);
    }
    return clean;
  }

  private static void checkControls(List<Message> messages, Faults faults) {
    for (int i = 0; i < messages.size() && !faults.full(); i++) {
      String place = ControlCharacters.placeIn(messages.get(i));
      if (place != null) {
        faults.add(
            "control-characters",
            "messages[" + i + "]" + place,
            "has control characters; only tab, line feed and carriage return are allowed");
      }
    }
  }

  private PreHookResult refuse(Faults faults, boolean allowFallbacks, HookContext context) {
    Fault first = faults.first();
    meters.count(REFUSED, Map.of("kind", first.kind()), 1);
    context.emit(EVENT_REFUSED, Map.of("field", first.field(), "kind", first.kind()));
    return PreHookResult.fail(
        ErrorCode.INVALID_REQUEST.error(faults.message()).withAllowFallbacks(allowFallbacks));
  }
}
