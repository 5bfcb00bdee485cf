package io.millrace.plugin.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a request asks for. More kinds may come: treat what you do not know as a chat. */
public enum RequestKind {
  /** The next message of a conversation. */
  CHAT("/v1/chat/completions"),
  /** A vector for each input; see {@link Embeddings}. */
  EMBEDDINGS("/v1/embeddings");

  private final String path;

  RequestKind(String path) {
    this.path = path;
  }

  /** Where HTTP callers ask for it, and the {@code url} of its lines in a batch file. */
  public String path() {
    return path;
  }

  /** The kind that is asked for at a path, or empty. */
  public static Optional<RequestKind> ofPath(String path) {
    return Arrays.stream(values()).filter(kind -> kind.path.equals(path)).findFirst();
  }

  /** The name in lower case, for people and metrics. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
