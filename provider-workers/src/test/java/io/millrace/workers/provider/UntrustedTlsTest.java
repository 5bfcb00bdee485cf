package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.plugin.tck.ScriptedServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose certificate nobody vouches for gets no key. */
class UntrustedTlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;

  @Test
  @Timeout(60)
  void shouldRefuseACertificateThatNobodyVouchesFor() throws Exception {
    ServerSocket listener =
        tls().getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    try (ScriptedServer server =
            ScriptedServer.answering(
                listener, (request, out) -> out.write(ScriptedServer.response(200, "", "{}")));
        Provider provider =
            new OpenAiProviderFactory()
                .create("p", Map.of("base_url", server.baseUrl().replace("http:", "https:")))) {
      ProviderReply reply =
          provider.complete(
              new ProviderRequest(
                  CompletionRequest.of("p/m", "hi"), "m", "id", "key", Duration.ofSeconds(30)));
      assertThat(reply)
          .isInstanceOfSatisfying(
              ProviderReply.Failure.class,
              failure -> {
                assertThat(failure.failure()).isEqualTo(FailureClass.CONNECTION);
                assertThat(failure.error().message()).startsWith("TLS with provider p failed");
              });
      assertThat(server.requests()).isEmpty();
    }
  }

  private SSLContext tls() throws Exception {
    Path store = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    return tls;
  }
}
