package io.millrace.launcher.cli;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.keys.KeyAdministration;
import io.millrace.launcher.pipeline.AuthSecrets;
import io.millrace.launcher.pipeline.PipelineTopics;
import io.millrace.schemas.access.AuthSecret;
import io.millrace.schemas.kafka.KafkaConnection;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;

/** Opens the keys of the pipeline that the options name. */
final class KeyAccess {

  private KeyAccess() {}

  /**
   * Does something with the keys.
   *
   * @throws CommandFailure when the pipeline, its secret or the key is not there
   */
  static <T> T with(
      GlobalOptions global, ClusterOptions cluster, Function<KeyAdministration, T> action) {
    MillraceConfig config = global.clientConfig();
    KafkaConnection connection = cluster.connection(global);
    AuthSecret secret = secret(global, cluster, config);
    PipelineTopics.require(connection, config.topicCatalogue().keys());
    try (KeyAdministration keys =
        KeyAdministration.open(connection, config.topicCatalogue(), secret)) {
      return action.apply(keys);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } catch (KafkaException e) {
      throw new CommandFailure(
          "the keys cannot be read or written (%s): check the cluster, the schema registry and this"
                  .formatted(e.getMessage())
              + " client's rights",
          e);
    }
  }

  /** A cluster elsewhere has nothing to do with the secret in this machine's data folder. */
  private static AuthSecret secret(
      GlobalOptions global, ClusterOptions cluster, MillraceConfig config) {
    boolean elsewhere =
        cluster.given() || config.kafka().containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    Optional<AuthSecret> secret =
        elsewhere ? AuthSecrets.ofCluster(config) : AuthSecrets.ofFolder(config, global.dataDir());
    return secret.orElseThrow(
        () ->
            new CommandFailure(
                "there is no secret to hash keys with: set auth.secret to env.NAME, the same for"
                    + " all processes of the pipeline; 'openssl rand -hex 32' makes one"));
  }
}
