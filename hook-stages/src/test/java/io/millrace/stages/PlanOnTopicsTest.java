package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.hook.Scope;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.stages.CountingHook.Call;
import io.millrace.stages.plan.PlannedStore;
import io.millrace.stages.plan.StageGroup;
import io.millrace.stages.plan.StagePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the plan says is what runs. */
class PlanOnTopicsTest {

  private static final Pattern STORES = Pattern.compile("stores: \\[([^]]*)]");
  private static final List<String> IN_MEMORY =
      List.of("-deadlines", "-join-leaders", "-parked-due", "-parked-per-tenant", "-waiters");

  private final Queue<Call> calls = CountingHook.noCalls();
  private final TopicCatalogue topics = new TopicCatalogue("t.", 3);
  private final HookStagesConfig config = config();

  @Test
  void shouldHaveTheStoresOfThePlanAndNoOthers() {
    TreeSet<String> planned = new TreeSet<>();
    for (StageGroup group : plan().groups()) {
      group.stores().stream().map(PlannedStore::name).forEach(planned::add);
    }
    assertThat(stores(description())).isEqualTo(planned);
  }

  @Test
  void shouldReadEveryGroupsTopicsInASubTopologyOfItsOwn() {
    String[] parts = description().split("Sub-topology: ");
    assertThat(parts).hasSize(1 + plan().groups().size());
    for (StageGroup group : plan().groups()) {
      assertThat(parts)
          .filteredOn(part -> part.contains("(topics: [" + group.requests().name() + "])"))
          .singleElement()
          .asString()
          .contains("(topics: [" + group.replies().name() + "])");
    }
  }

  private StagePlan plan() {
    return ChainPlan.of(config, topics);
  }

  private String description() {
    return HookStages.describe(config, topics, new SimpleMeterRegistry());
  }

  private static TreeSet<String> stores(String description) {
    TreeSet<String> names = new TreeSet<>();
    Matcher matcher = STORES.matcher(description);
    while (matcher.find()) {
      for (String name : matcher.group(1).split(", ")) {
        if (!name.isEmpty() && IN_MEMORY.stream().noneMatch(name::endsWith)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private HookStagesConfig config() {
    return HookStagesConfig.defaults(Path.of("state"))
        .withHooks(
            List.of(
                new CountingHook("auth", Scope.TENANT, calls).setting(),
                new CountingHook("cache", Scope.CONTENT, calls).setting(),
                new CountingHook("quota", Scope.PROVIDER, calls).setting(),
                new CountingHook("keys", Scope.OWN, calls).setting()));
  }
}
