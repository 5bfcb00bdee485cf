package io.millrace.stages;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.Tool;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The key of a request's content: equal for requests that ask the same of one model, whoever asks,
 * in whatever spelling and whether or not they want chunks; different where the answer may differ.
 * SHA-256 over a canonical text. Thread-safe.
 */
public final class ContentHash {

  private static final HexFormat HEX = HexFormat.of();

  private ContentHash() {}

  /** The hash in 64 hexadecimal digits, of a request as the target's model would get it. */
  public static String of(CompletionRequest request, Target target) {
    CanonicalText text = new CanonicalText(1_024);
    text.string(target.provider()).string(target.model());
    if (request.kind() == RequestKind.EMBEDDINGS) {
      text.mark('e'); // a chat has no mark, so that answers kept by earlier versions still count
    }
    text.mark('[');
    request.messages().forEach(message -> message(text, message));
    text.mark(']').mark('[');
    request.tools().forEach(tool -> tool(text, tool));
    text.mark(']').mark('{');
    CanonicalParameters.of(request).forEach((name, value) -> text.string(name).raw(value));
    text.mark('}');
    return HEX.formatHex(sha256().digest(text.bytes()));
  }

  private static void message(CanonicalText text, Message message) {
    text.string(message.role());
    switch (message.content()) {
      case null -> text.raw(CanonicalText.NULL);
      case Content.Text(String words) -> text.string(words);
      case Content.Parts parts -> {
        text.mark('[');
        parts.parts().forEach(part -> part(text, part));
        text.mark(']');
      }
    }
    text.nullable(message.name()).nullable(message.toolCallId()).mark('[');
    message
        .toolCalls()
        .forEach(call -> text.string(call.id()).string(call.name()).string(call.arguments()));
    text.mark(']');
    extra(text, message.extra());
  }

  private static void part(CanonicalText text, Content.Part part) {
    switch (part) {
      case Content.TextPart(String words) -> text.mark('t').string(words);
      case Content.ImagePart image ->
          text.mark('i')
              .string(image.url())
              .nullable("auto".equals(image.detail()) ? null : image.detail());
      case Content.OtherPart(String json) -> text.mark('o').json(json);
    }
  }

  private static void tool(CanonicalText text, Tool tool) {
    switch (tool) {
      case Tool.Function function -> {
        text.mark('f').string(function.name()).nullable(function.description());
        if (function.parametersJson() == null) {
          text.raw(CanonicalText.NULL);
        } else {
          text.json(function.parametersJson());
        }
        text.mark(Boolean.TRUE.equals(function.strict()) ? 's' : 'l');
      }
      case Tool.Other(String json) -> text.mark('o').json(json);
    }
  }

  private static void extra(CanonicalText text, Map<String, String> extra) {
    text.mark('{');
    new TreeMap<>(extra)
        .forEach(
            (name, json) -> {
              String value = CanonicalText.ofJson(json);
              if (!value.equals(CanonicalText.NULL)) {
                text.string(name).raw(value);
              }
            });
    text.mark('}');
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
