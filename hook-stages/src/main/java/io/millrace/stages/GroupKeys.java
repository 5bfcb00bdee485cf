package io.millrace.stages;

import io.millrace.plugin.model.Target;
import io.millrace.schemas.avro.Exchange;
import io.millrace.stages.plan.StageGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key under which an exchange enters a group: its hooks' state is kept by the same key. */
final class GroupKeys {

  private static final Logger LOG = LoggerFactory.getLogger(GroupKeys.class);

  private GroupKeys() {}

  /**
   * The key of an exchange on a group's requests topic.
   *
   * @param passage the exchange as the group before left it
   */
  static String of(StageGroup group, HookChain chain, Passage passage, Outlet outlet) {
    Exchange exchange = passage.exchange();
    return switch (group.key()) {
      case TENANT -> exchange.getTenant();
      case EXCHANGE -> exchange.getExchangeId();
      case CONTENT ->
          ContentHash.of(
              passage.request(),
              new Target(exchange.getTarget().getProvider(), exchange.getTarget().getModel()));
      case PROVIDER -> exchange.getTarget().getProvider();
      case OWN -> own(chain.hook(group.hookNames().getFirst()), passage, outlet);
    };
  }

  /**
   * The hook's own key. Should the hook fail to say, any partition will do: its PreHook fails there
   * in the same way, and is reported there.
   */
  private static String own(ActiveHook active, Passage passage, Outlet outlet) {
    Exchange exchange = passage.exchange();
    ExchangeContext context = new ExchangeContext(active, exchange, outlet, null);
    try {
      return ScopeKeys.settleOwn(active, exchange, passage.request(), context);
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      LOG.debug("hook {} has no scope key for {}", active.name(), exchange.getRequestId(), e);
      context.rethrowFaultOfTheStage();
      return exchange.getExchangeId();
    }
  }
}
