package io.millrace.ingest.access;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The signer's public keys, from a file or over HTTP. Kept for five minutes; asked for again at
 * once when a token names a key that is not among them, but not more often than the bound allows,
 * so that invented names do not become calls. While the signer cannot be reached the keys it had
 * last are used on. Thread-safe; may wait for the signer.
 */
final class PublicKeys implements AutoCloseable {

  private static final Duration CACHE = Duration.ofMinutes(5);
  private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration OUTAGE = Duration.ofHours(4);
  private static final int CALL_TIMEOUT_MILLIS = 3_000;
  private static final int MAX_BYTES = 1024 * 1024;

  /** The most keys that one token is tried with. */
  private static final int MAX_CANDIDATES = 8;

  private final JWKSource<SecurityContext> source;
  private volatile boolean everRead;

  private PublicKeys(JWKSource<SecurityContext> source) {
    this.source = source;
  }

  /**
   * Opens a place; an address is not asked before the first token.
   *
   * @param betweenCalls the least time between two calls, after a first repetition at once
   * @throws IllegalArgumentException when a file cannot be read
   */
  static PublicKeys open(String place, Duration betweenCalls) {
    JWKSourceBuilder<SecurityContext> builder =
        place.startsWith("http:") || place.startsWith("https:") ? remote(place) : file(place);
    return new PublicKeys(
        builder
            .cache(CACHE.toMillis(), REFRESH_TIMEOUT.toMillis())
            .refreshAheadCache(false)
            .rateLimited(betweenCalls.toMillis())
            .retrying(true)
            .outageTolerant(OUTAGE.toMillis())
            .build());
  }

  /**
   * The keys that may have signed a token.
   *
   * @throws KeySourceException when the signer was never reached and cannot be now
   */
  List<JWK> candidates(JWSHeader header) throws KeySourceException {
    @Nullable JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
    if (matcher == null) {
      return List.of();
    }
    try {
      List<JWK> keys = source.get(new JWKSelector(matcher), null);
      everRead = true;
      return keys.stream().limit(MAX_CANDIDATES).toList();
    } catch (RateLimitReachedException e) {
      if (everRead) {
        return List.of();
      }
      throw e;
    }
  }

  private static JWKSourceBuilder<SecurityContext> remote(String address) {
    try {
      return JWKSourceBuilder.create(
          URI.create(address).toURL(),
          new DefaultResourceRetriever(CALL_TIMEOUT_MILLIS, CALL_TIMEOUT_MILLIS, MAX_BYTES));
    } catch (IOException e) {
      throw new IllegalArgumentException("'" + address + "' is no address", e);
    }
  }

  private static JWKSourceBuilder<SecurityContext> file(String path) {
    KeysFile file = new KeysFile(Path.of(path));
    try {
      file.read();
    } catch (IOException | ParseException e) {
      throw new IllegalArgumentException(
          "the keys in '%s' cannot be read (%s): it must hold a JSON Web Key Set"
              .formatted(path, e.getMessage()),
          e);
    }
    return JWKSourceBuilder.create(file);
  }

  @Override
  public void close() {
    if (source instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException e) {
        throw new UncheckedIOException("the signer's keys were not closed", e);
      }
    }
  }

  /** A file that may change while it is used. */
  private record KeysFile(Path path) implements JWKSetSource<SecurityContext> {

    JWKSet read() throws IOException, ParseException {
      return JWKSet.load(path.toFile());
    }

    @Override
    public JWKSet getJWKSet(
        JWKSetCacheRefreshEvaluator refresh, long nowMillis, @Nullable SecurityContext context)
        throws KeySourceException {
      try {
        return read();
      } catch (IOException | ParseException e) {
        throw new JWKSetUnavailableException("cannot read " + path, e);
      }
    }

    @Override
    public void close() {}
  }
}
