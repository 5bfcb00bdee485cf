package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.ConfigException;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.schemas.access.AuthSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Where the secret is that keys are hashed with. */
public final class AuthSecrets {

  private static final String FILE = "auth-secret";
  private static final int BYTES = 32;

  private AuthSecrets() {}

  /**
   * The configured one; else the data folder's own, which is made the first time. Whoever calls
   * this holds the folder for itself.
   *
   * @throws PipelineException when the folder's cannot be read or written
   */
  static AuthSecret ofEmbedded(MillraceConfig settings, Path dataDir) {
    return configured(settings).orElseGet(() -> kept(dataDir).orElseGet(() -> make(dataDir)));
  }

  /**
   * The configured one. Processes on several machines have no folder in common, so a secret in one
   * would not do.
   *
   * @throws ConfigException when there is none, but credentials are required
   */
  public static Optional<AuthSecret> ofCluster(MillraceConfig settings) {
    Optional<AuthSecret> secret = configured(settings);
    if (secret.isEmpty() && settings.auth().required()) {
      throw new ConfigException(
          "the configuration",
          List.of(
              new ConfigFault(
                  "auth.secret",
                  "is missing, but auth.required is true: set it to env.NAME, the same for all"
                      + " processes; 'openssl rand -hex 32' makes one")));
    }
    return secret;
  }

  /**
   * The secret of the pipeline that runs from a data folder: the configured one, else the folder's.
   *
   * @throws PipelineException when the folder's cannot be read
   */
  public static Optional<AuthSecret> ofFolder(MillraceConfig settings, Path dataDir) {
    return configured(settings).or(() -> kept(dataDir));
  }

  private static Optional<AuthSecret> configured(MillraceConfig settings) {
    return Optional.ofNullable(settings.auth().secret()).map(AuthSecret::of);
  }

  private static Optional<AuthSecret> kept(Path dataDir) {
    Path file = dataDir.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(AuthSecret.of(Files.readString(file).strip()));
    } catch (IOException | IllegalArgumentException e) {
      throw new PipelineException(
          "cannot use %s (%s): restore it, or delete it and make every key anew"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static AuthSecret make(Path dataDir) {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    String text = HexFormat.of().formatHex(bytes);
    Path file = dataDir.resolve(FILE);
    try {
      Files.createDirectories(dataDir);
      Path draft = Files.createTempFile(dataDir, FILE, ".tmp", forOwnerOnly());
      Files.write(draft, text.getBytes(StandardCharsets.US_ASCII));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new PipelineException(
          "cannot write %s (%s): check the folder".formatted(file, e.getMessage()), e);
    }
    return AuthSecret.of(text);
  }

  private static FileAttribute<?>[] forOwnerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
