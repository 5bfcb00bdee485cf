package io.millrace.schemas.model;

import io.millrace.schemas.avro.Choice;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.Usage;

/** Completions, both ways. */
final class AvroCompletions {

  private AvroCompletions() {}

  static io.millrace.plugin.model.Completion toModel(Completion completion) {
    return new io.millrace.plugin.model.Completion(
        completion.getId(),
        completion.getModel(),
        completion.getCreatedSeconds(),
        completion.getChoices().stream().map(AvroCompletions::choice).toList(),
        usage(completion.getUsage()),
        completion.getExtra());
  }

  static Completion toAvro(io.millrace.plugin.model.Completion completion) {
    return new Completion(
        completion.id(),
        completion.model(),
        completion.createdSeconds(),
        completion.choices().stream().map(AvroCompletions::choice).toList(),
        usage(completion.usage()),
        completion.extra());
  }

  private static io.millrace.plugin.model.Completion.Choice choice(Choice choice) {
    return new io.millrace.plugin.model.Completion.Choice(
        choice.getIndex(),
        AvroMessages.toModel(choice.getMessage()),
        choice.getFinishReason(),
        choice.getExtra());
  }

  private static Choice choice(io.millrace.plugin.model.Completion.Choice choice) {
    return new Choice(
        choice.index(),
        AvroMessages.toAvro(choice.message()),
        choice.finishReason(),
        choice.extra());
  }

  private static io.millrace.plugin.model.Usage usage(Usage usage) {
    return new io.millrace.plugin.model.Usage(
        usage.getPromptTokens(),
        usage.getCompletionTokens(),
        usage.getCachedPromptTokens(),
        usage.getReasoningTokens());
  }

  private static Usage usage(io.millrace.plugin.model.Usage usage) {
    return new Usage(
        usage.promptTokens(),
        usage.completionTokens(),
        usage.cachedPromptTokens(),
        usage.reasoningTokens());
  }
}
