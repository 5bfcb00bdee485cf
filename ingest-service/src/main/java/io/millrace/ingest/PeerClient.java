package io.millrace.ingest;

import io.millrace.ingest.ResultQueries.NotNowException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/** Asks another instance what it holds. Thread-safe. */
final class PeerClient implements AutoCloseable {

  private final HttpClient http;
  private final Duration timeout;
  private final PeerProof proof;

  PeerClient(Duration timeout, PeerProof proof) {
    this.timeout = timeout;
    this.proof = proof;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
  }

  /** What the peer holds about a request. Ids need no escaping: they have no sign that would. */
  Optional<byte[]> ask(HostInfo peer, String tenant, String requestId) throws NotNowException {
    URI uri =
        URI.create(
            "http://"
                + peer.host()
                + ":"
                + peer.port()
                + PeerEndpoint.PATH
                + tenant
                + "/"
                + requestId);
    HttpRequest.Builder question = HttpRequest.newBuilder(uri).timeout(timeout);
    proof.of(tenant, requestId).ifPresent(value -> question.header(PeerProof.HEADER, value));
    HttpResponse<byte[]> response = send(question.build());
    if (response.statusCode() != 200) {
      throw new NotNowException("the instance that holds the result is not ready");
    }
    return Optional.of(response.body()).filter(stored -> stored.length > 0);
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws NotNowException {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new NotNowException("the instance that holds the result does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotNowException("this instance is shutting down");
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
