package io.millrace.stages.hooks.cache;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.model.Tool;
import io.millrace.plugin.model.ToolCall;
import io.millrace.plugin.model.Usage;
import io.millrace.stages.hooks.state.StateReader;
import io.millrace.stages.hooks.state.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * Answers and requests as bytes, without loss; about as long as their texts. Whoever keeps the
 * bytes keeps a version with them.
 */
final class ModelCodec {

  private static final int NO_CONTENT = 0;
  private static final int TEXT = 1;
  private static final int PARTS = 2;
  private static final int IMAGE = 2;
  private static final int OTHER = 3;
  private static final int FUNCTION = 1;

  private ModelCodec() {}

  static byte[] write(Completion completion) {
    StateWriter out = new StateWriter();
    out.text(completion.id()).text(completion.model()).number(completion.createdSeconds());
    out.list(
        completion.choices(),
        choice -> {
          out.number(choice.index());
          write(out, choice.message());
          out.nullable(choice.finishReason()).map(choice.extra());
        });
    Usage usage = completion.usage();
    out.number(usage.promptTokens())
        .number(usage.completionTokens())
        .number(usage.cachedPromptTokens())
        .number(usage.reasoningTokens());
    return out.map(completion.extra()).toBytes();
  }

  /**
   * Reads an answer.
   *
   * @throws StateReader.UnreadableException when the bytes are none
   */
  static Completion completion(byte[] bytes) {
    StateReader in = new StateReader(bytes);
    return new Completion(
        in.text(),
        in.text(),
        in.number(),
        in.list(
            () -> new Completion.Choice((int) in.number(), message(in), in.nullable(), in.map())),
        new Usage(count(in), count(in), count(in), count(in)),
        in.map());
  }

  static byte[] write(CompletionRequest request) {
    StateWriter out = new StateWriter();
    out.text(request.model());
    out.list(request.messages(), message -> write(out, message));
    out.list(request.tools(), tool -> write(out, tool));
    out.nullable(request.toolChoiceJson()).nullable(request.responseFormatJson());
    out.nullable(text(request.temperature())).nullable(text(request.topP()));
    out.nullable(text(request.maxTokens()));
    out.list(request.stop(), out::text);
    out.nullable(text(request.seed())).number(request.stream() ? 1 : 0);
    return out.map(request.extra()).text(request.kind().name()).toBytes();
  }

  /**
   * Reads a request.
   *
   * @throws StateReader.UnreadableException when the bytes are none
   */
  static CompletionRequest request(byte[] bytes) {
    StateReader in = new StateReader(bytes);
    return new CompletionRequest(
        in.text(),
        in.list(() -> message(in)),
        in.list(() -> tool(in)),
        in.nullable(),
        in.nullable(),
        real(in.nullable()),
        real(in.nullable()),
        int32(in.nullable()),
        in.list(in::text),
        int64(in.nullable()),
        in.number() == 1,
        in.map(),
        kind(in.text()));
  }

  private static RequestKind kind(String name) {
    try {
      return RequestKind.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new StateReader.UnreadableException("no request is of kind " + name);
    }
  }

  private static void write(StateWriter out, Message message) {
    out.text(message.role());
    switch (message.content()) {
      case null -> out.number(NO_CONTENT);
      case Content.Text(String text) -> out.number(TEXT).text(text);
      case Content.Parts parts -> out.number(PARTS).list(parts.parts(), part -> write(out, part));
    }
    out.nullable(message.name());
    out.list(
        message.toolCalls(), call -> out.text(call.id()).text(call.name()).text(call.arguments()));
    out.nullable(message.toolCallId()).map(message.extra());
  }

  private static Message message(StateReader in) {
    return new Message(
        in.text(),
        content(in),
        in.nullable(),
        in.list(() -> new ToolCall(in.text(), in.text(), in.text())),
        in.nullable(),
        in.map());
  }

  private static @Nullable Content content(StateReader in) {
    int kind = in.int32();
    return switch (kind) {
      case NO_CONTENT -> null;
      case TEXT -> new Content.Text(in.text());
      case PARTS -> new Content.Parts(in.list(() -> part(in)));
      default -> throw new StateReader.UnreadableException("no content is of kind " + kind);
    };
  }

  private static void write(StateWriter out, Content.Part part) {
    switch (part) {
      case Content.TextPart(String text) -> out.number(TEXT).text(text);
      case Content.ImagePart image -> out.number(IMAGE).text(image.url()).nullable(image.detail());
      case Content.OtherPart(String json) -> out.number(OTHER).text(json);
    }
  }

  private static Content.Part part(StateReader in) {
    int kind = in.int32();
    return switch (kind) {
      case TEXT -> new Content.TextPart(in.text());
      case IMAGE -> new Content.ImagePart(in.text(), in.nullable());
      case OTHER -> new Content.OtherPart(in.text());
      default -> throw new StateReader.UnreadableException("no part is of kind " + kind);
    };
  }

  private static void write(StateWriter out, Tool tool) {
    switch (tool) {
      case Tool.Function function ->
          out.number(FUNCTION)
              .text(function.name())
              .nullable(function.description())
              .nullable(function.parametersJson())
              .nullable(text(function.strict()));
      case Tool.Other(String json) -> out.number(OTHER).text(json);
    }
  }

  private static Tool tool(StateReader in) {
    int kind = in.int32();
    return switch (kind) {
      case FUNCTION ->
          new Tool.Function(in.text(), in.nullable(), in.nullable(), flag(in.nullable()));
      case OTHER -> new Tool.Other(in.text());
      default -> throw new StateReader.UnreadableException("no tool is of kind " + kind);
    };
  }

  private static long count(StateReader in) {
    long count = in.number();
    if (count < 0) {
      throw new StateReader.UnreadableException("a count is negative: " + count);
    }
    return count;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static @Nullable Double real(@Nullable String text) {
    return text == null ? null : Double.valueOf(text);
  }

  private static @Nullable Integer int32(@Nullable String text) {
    return text == null ? null : Integer.valueOf(text);
  }

  private static @Nullable Long int64(@Nullable String text) {
    return text == null ? null : Long.valueOf(text);
  }

  private static @Nullable Boolean flag(@Nullable String text) {
    return text == null ? null : Boolean.valueOf(text);
  }
}
