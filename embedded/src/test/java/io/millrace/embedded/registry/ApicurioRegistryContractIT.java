package io.millrace.embedded.registry;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs with {@code -Papicurio}, which fetches and unpacks the distribution. */
@EnabledIfSystemProperty(named = ApicurioRegistryContractIT.HOME, matches = ".+")
class ApicurioRegistryContractIT extends RegistryContract {

  static final String HOME = "millrace.test.apicurio";

  private static ApicurioRegistry registry;

  @BeforeAll
  static void start() throws IOException {
    Path home = Path.of(System.getProperty(HOME, ""));
    registry = new ApicurioRegistry(home, home.resolveSibling("apicurio.log"));
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @Override
  String url() {
    return registry.url();
  }

  /** Takes it for the name of a branch that is not there. */
  @Override
  int codeOfAnInvalidVersion() {
    return 40402;
  }
}
