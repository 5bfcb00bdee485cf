package io.millrace.embedded.registry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topic that keeps the schemas: one partition, compacted. */
final class SchemaTopic {

  static final String NAME = "_schemas";

  private SchemaTopic() {}

  /**
   * Creates the topic, or checks the one that is there: were it not compacted, the broker would
   * delete schemas that records still name.
   */
  static void ensure(Map<String, Object> clientProperties, Duration limit) {
    try (Admin admin = Admin.create(clientProperties)) {
      if (!created(admin, limit)) {
        check(admin, limit);
      }
    } catch (ExecutionException e) {
      throw RegistryFault.storeFailed("cannot create topic " + NAME + ": " + e.getCause());
    } catch (TimeoutException e) {
      throw RegistryFault.storeFailed("no answer from the broker in time");
    } catch (InterruptedException e) {
      throw RegistryFault.interrupted();
    }
  }

  private static boolean created(Admin admin, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    NewTopic topic =
        new NewTopic(NAME, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    try {
      admin.createTopics(List.of(topic)).all().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }

  private static void check(Admin admin, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, NAME);
    String policy =
        admin
            .describeConfigs(List.of(resource))
            .all()
            .get(limit.toMillis(), TimeUnit.MILLISECONDS)
            .values()
            .iterator()
            .next()
            .get(TopicConfig.CLEANUP_POLICY_CONFIG)
            .value();
    if (!TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy)) {
      throw RegistryFault.storeFailed(
          "topic "
              + NAME
              + " has cleanup.policy="
              + policy
              + ", which would lose schemas; set it to compact");
    }
  }
}
