package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir private static Path folder;
  private static ScriptedServer server;
  private static Path keyStore;

  @BeforeAll
  static void startWithACertificateOfItsOwn() throws Exception {
    keyStore = folder.resolve("server.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "s",
        "-keyalg",
        "EC",
        "-dname",
        "CN=registry",
        "-ext",
        "san=ip:127.0.0.1",
        "-keystore",
        keyStore.toString(),
        "-storetype",
        "PKCS12");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "s",
        "-keystore",
        keyStore.toString(),
        "-file",
        folder.resolve("server.pem").toString());
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "s",
        "-storetype",
        "JKS",
        "-file",
        folder.resolve("server.pem").toString(),
        "-keystore",
        folder.resolve("trust.jks").toString());
    server = new ScriptedServer(serverContext()).answers(200, "{\"schema\":\"\\\"int\\\"\"}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void shouldConnectWhenTheCertificateIsTrusted() {
    Map<String, Map<String, String>> stores =
        Map.of(
            "PEM", Map.of("type", "PEM", "location", folder.resolve("server.pem").toString()),
            "JKS",
                Map.of(
                    "type",
                    "JKS",
                    "location",
                    folder.resolve("trust.jks").toString(),
                    "password",
                    PASSWORD),
            "PKCS12",
                Map.of("type", "PKCS12", "location", keyStore.toString(), "password", PASSWORD));
    stores.forEach(
        (name, store) -> {
          try (RestSchemaRegistry registry = open(store)) {
            assertThat(registry.schemaOf(1).getType()).as(name).isEqualTo(Schema.Type.INT);
          }
        });
  }

  @Test
  void shouldNotConnectWhenTheCertificateIsNotTrusted() {
    try (RestSchemaRegistry registry = open(Map.of())) {
      assertThatThrownBy(() -> registry.schemaOf(1))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContainingAll("cannot reach", "SSLHandshakeException");
    }
  }

  @Test
  void shouldSaySoWhenTheStoreCannotBeOpened() {
    Map<String, String> wrong =
        Map.of(
            "type",
            "JKS",
            "location",
            folder.resolve("trust.jks").toString(),
            "password",
            "s3cret");
    assertThatThrownBy(() -> open(wrong).close())
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("trust.jks")
        .hasMessageNotContaining("s3cret");
  }

  private static RestSchemaRegistry open(Map<String, String> trustStore) {
    Map<String, String> config = new HashMap<>();
    config.put("schema.registry.url", server.url());
    config.put("max.retries", "0");
    trustStore.forEach((key, value) -> config.put("schema.registry.ssl.truststore." + key, value));
    return RestSchemaRegistry.open(config);
  }

  private static SSLContext serverContext() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("keytool.log"))).isZero();
  }
}
