package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.millrace.ingest.ResultQueries.NotNowException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerTest {

  private final HttpFixture peer = new HttpFixture();
  private static final PeerProof PEERS =
      new PeerProof(null, Duration.ofMinutes(5), InstantSource.system());

  private final PeerClient client = new PeerClient(Duration.ofSeconds(60), PEERS);

  @AfterEach
  void close() {
    client.close();
    peer.close();
  }

  private HostInfo address() {
    return new HostInfo("127.0.0.1", peer.uri("/").getPort());
  }

  @Test
  void shouldGetTheBytesWhenThePeerHoldsThem() throws Exception {
    byte[] state = StoredState.inProgress(42);
    peer.held.put("acme/a.b:c_d-1", state);

    assertThat(client.ask(address(), "acme", "a.b:c_d-1")).hasValue(state);
  }

  @Test
  void shouldGetNothingWhenThePeerKnowsNothing() throws Exception {
    peer.held.put("acme/other", new byte[] {1});

    assertThat(client.ask(address(), "acme", "r1")).isEmpty();
  }

  @Test
  void shouldSayNotNowWhenThePeerIsMovingItsResults() {
    assertThatThrownBy(() -> client.ask(address(), "acme", "r1"))
        .isInstanceOf(NotNowException.class);
  }

  @Test
  void shouldSayNotNowWhenNobodyListens() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }

    assertThatThrownBy(() -> client.ask(new HostInfo("127.0.0.1", free), "acme", "r1"))
        .isInstanceOf(NotNowException.class);
  }

  @Test
  void shouldSayNotNowWhenThePeerIsSilent() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        PeerClient impatient = new PeerClient(Duration.ofMillis(500), PEERS)) {
      HostInfo address = new HostInfo("127.0.0.1", silent.getLocalPort());

      assertThatThrownBy(() -> impatient.ask(address, "acme", "r1"))
          .isInstanceOf(NotNowException.class);
    }
  }

  @Test
  void shouldSayNotNowWhenWhatAnswersIsNoPeer() throws Exception {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.start();
    try {
      HostInfo address = new HostInfo("127.0.0.1", other.getAddress().getPort());

      assertThatThrownBy(() -> client.ask(address, "acme", "r1"))
          .isInstanceOf(NotNowException.class);
    } finally {
      other.stop(0);
    }
  }
}
