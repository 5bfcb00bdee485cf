package io.millrace.embedded.broker;

import io.millrace.schemas.topic.TopicCatalogue;
import java.io.IOException;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test methods a {@link TestBroker} that is shared by the whole JVM and closed at its end,
 * and a {@link TopicCatalogue} with a prefix of the test class's own (2 partitions; nothing created
 * yet).
 */
public final class BrokerExtension implements BeforeAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(BrokerExtension.class);
  private static final int PARTITIONS = 2;

  @Override
  public void beforeAll(ExtensionContext context) {
    TestBroker broker = sharedBroker(context);
    context
        .getStore(NAMESPACE)
        .computeIfAbsent(
            TopicCatalogue.class, key -> broker.freshTopics(PARTITIONS), TopicCatalogue.class);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == TestBroker.class || type == TopicCatalogue.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestBroker.class
        ? sharedBroker(context)
        : context
            .getStore(NAMESPACE)
            .getOrDefault(
                TopicCatalogue.class,
                TopicCatalogue.class,
                sharedBroker(context).freshTopics(PARTITIONS));
  }

  private static TestBroker sharedBroker(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(TestBroker.class, key -> start(), TestBroker.class);
  }

  private static TestBroker start() {
    try {
      return TestBroker.start();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("no folder for the test broker", e);
    }
  }
}
