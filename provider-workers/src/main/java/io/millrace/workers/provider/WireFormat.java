package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.schemas.openai.InvalidBodyException;
import java.util.Map;
import java.util.Optional;

/** How one kind of provider is asked, and how its answers read. Thread-safe. */
interface WireFormat {

  /**
   * Writes a request.
   *
   * @param streamed whether the answer shall come piece by piece
   * @throws UnmappableRequestException when the format has no way to say it
   */
  WireCall write(ProviderRequest request, boolean streamed) throws UnmappableRequestException;

  /**
   * Reads a whole answer that is no error.
   *
   * @throws InvalidBodyException naming what is wrong with it
   */
  Completion read(JsonNode body, ProviderRequest request) throws InvalidBodyException;

  /** Whether requests for embeddings can be written and their answers read. */
  default boolean embeds() {
    return false;
  }

  /** Begins to read an answer that comes piece by piece. */
  StreamReader reader(ProviderRequest request);

  /**
   * The headers that carry the key.
   *
   * @param key checked to fit into a header
   */
  Map<String, String> authorization(String key);

  /** Headers without secrets that every call has, health checks too. */
  default Map<String, String> headers() {
    return Map.of();
  }

  /** A path below the base address whose GET costs nothing and needs the key; empty for none. */
  default Optional<String> healthPath() {
    return Optional.empty();
  }

  /**
   * A path below the base address whose GET costs nothing and answers with the models; empty where
   * there is none, or where it has other names than calls.
   */
  default Optional<String> modelsPath() {
    return Optional.empty();
  }
}
