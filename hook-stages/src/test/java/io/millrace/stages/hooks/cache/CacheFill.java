package io.millrace.stages.hooks.cache;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Usage;

/** What a full cache holds, for measuring. */
public final class CacheFill {

  private CacheFill() {}

  /** The key of an answer. */
  public static String key(String hash) {
    return Answers.PREFIX + hash;
  }

  /** An answer of about 500 bytes. */
  public static byte[] answer(long number, long nowMillis) {
    Completion completion =
        Completion.ofText("c-" + number, "any", 1, "word ".repeat(80) + number, Usage.of(200, 80));
    return new StoredAnswer(nowMillis, nowMillis, 0, 0, 1_000, false, ModelCodec.write(completion))
        .toBytes();
  }
}
