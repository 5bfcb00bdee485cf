package io.millrace.plugins;

import io.millrace.plugins.PluginSource.Coordinates;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.maven.model.Model;
import org.apache.maven.model.building.DefaultModelBuilder;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.apache.maven.repository.internal.MavenRepositorySystemUtils;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.repository.LocalRepository;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.filter.DependencyFilterUtils;

/**
 * Fetches plugins and what they depend on from Maven repositories. Checksums are verified, and a
 * file without one is refused. Released versions that were fetched before need no network.
 */
final class ArtifactFetcher implements AutoCloseable {

  /** Maven's own defaults, where its default repository is named. */
  private static final String SUPER_POM = "/org/apache/maven/model/pom-4.0.0.xml";

  /** The host has these already; a plugin always sees the host's. */
  private static final List<Exclusion> SHARED =
      List.of(
          new Exclusion("io.millrace", "millrace-plugin-api", "*", "*"),
          new Exclusion("org.jspecify", "jspecify", "*", "*"));

  private final RepositorySystem system = new RepositorySystemSupplier().get();
  private final DefaultRepositorySystemSession session = MavenRepositorySystemUtils.newSession();
  private final List<RemoteRepository> repositories;

  ArtifactFetcher(PluginHostConfig config) {
    session.setLocalRepositoryManager(
        system.newLocalRepositoryManager(
            session, new LocalRepository(config.artifacts().toAbsolutePath().toFile())));
    // Only what the configuration names is asked, not what a fetched file would add.
    session.setIgnoreArtifactDescriptorRepositories(true);
    session.setOffline(config.offline());
    session.setSystemProperties(System.getProperties());
    repositories =
        config.repositories().isEmpty() ? mavensDefault() : addressed(config.repositories());
  }

  /**
   * The artifact's jar, and those of everything it needs when it runs.
   *
   * @throws PluginException when one cannot be had, or its checksum is wrong
   */
  PluginFiles fetch(Coordinates coordinates) {
    Dependency root =
        new Dependency(
            new DefaultArtifact(
                coordinates.group(), coordinates.artifact(), "jar", coordinates.version()),
            JavaScopes.RUNTIME,
            false,
            SHARED);
    CollectRequest tree = new CollectRequest(root, repositories);
    try {
      List<Path> jars =
          system
              .resolveDependencies(
                  session,
                  new DependencyRequest(
                      tree, DependencyFilterUtils.classpathFilter(JavaScopes.RUNTIME)))
              .getArtifactResults()
              .stream()
              .map(ArtifactFetcher::file)
              .toList();
      return new PluginFiles(jars, false);
    } catch (DependencyResolutionException e) {
      throw new PluginException(
          "%s cannot be fetched from %s: %s"
              .formatted(
                  coordinates,
                  repositories.stream().map(RemoteRepository::getUrl).toList(),
                  lastCause(e)),
          e);
    }
  }

  private static Path file(ArtifactResult result) {
    return result.getArtifact().getFile().toPath();
  }

  private static List<RemoteRepository> addressed(List<String> addresses) {
    return IntStream.range(0, addresses.size())
        .mapToObj(i -> repository("repository-" + (i + 1), addresses.get(i)))
        .toList();
  }

  private static List<RemoteRepository> mavensDefault() {
    try (InputStream pom =
        Objects.requireNonNull(
            DefaultModelBuilder.class.getResourceAsStream(SUPER_POM), SUPER_POM)) {
      Model model = new MavenXpp3Reader().read(pom);
      return model.getRepositories().stream()
          .map(found -> repository(found.getId(), found.getUrl()))
          .toList();
    } catch (IOException | XmlPullParserException e) {
      throw new IllegalStateException("cannot read " + SUPER_POM, e);
    }
  }

  private static RemoteRepository repository(String id, String address) {
    return new RemoteRepository.Builder(id, "default", address)
        .setPolicy(
            new RepositoryPolicy(
                true, RepositoryPolicy.UPDATE_POLICY_DAILY, RepositoryPolicy.CHECKSUM_POLICY_FAIL))
        .build();
  }

  private static String lastCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return Objects.toString(cause.getMessage(), cause.toString());
  }

  @Override
  public void close() {
    system.shutdown();
  }
}
