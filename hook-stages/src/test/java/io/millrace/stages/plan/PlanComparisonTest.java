package io.millrace.stages.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Scope;
import io.millrace.schemas.avro.PlanStore;
import io.millrace.schemas.avro.RunningPlan;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanComparisonTest {

  private static final RunningPlan MIXED = record(HomeScope.TENANT, Plans.MIXED);

  @Test
  void shouldAllowHooksWithoutStateToComeAndGo() {
    List<PlannedHook> other = new ArrayList<>(Plans.MIXED);
    other.removeFirst();
    other.add(3, Plans.plain("tracing", Scope.NONE));
    assertThat(conflictsWith(other)).isEmpty();
  }

  @Test
  void shouldAllowStatefulHooksAndGroupsToBeAdded() {
    List<PlannedHook> longer = new ArrayList<>(Plans.MIXED);
    longer.add(2, Plans.stateful("limits", Scope.TENANT));
    longer.add(Plans.stateful("keys", Scope.OWN));
    assertThat(conflictsWith(longer)).isEmpty();
  }

  @Test
  void shouldLetAStoreGoThatTheLedgerMakesUpFor() {
    RunningPlan former = RunningPlan.newBuilder(MIXED).build();
    var home = former.getGroups().getFirst();
    List<PlanStore> stores = new ArrayList<>(home.getStores());
    stores.add(new PlanStore("home-join-leaders", null, false));
    home.setStores(stores);
    assertThat(PlanComparison.conflicts(former, MIXED)).isEmpty();
  }

  @Test
  void shouldNameGroupTopicsAndStateWhenAGroupGoes() {
    List<PlannedHook> shorter =
        Plans.MIXED.stream().filter(hook -> !hook.name().equals("shared-cache")).toList();
    assertThat(conflictsWith(shorter))
        .singleElement()
        .asString()
        .contains(
            "group 'content-shared-cache' is gone",
            "millrace.stage.content-shared-cache.requests",
            "hook-shared-cache would be left behind");
  }

  @Test
  void shouldNameHookAndStoreWhenAStatefulHookGoes() {
    List<PlannedHook> shorter =
        Plans.MIXED.stream().filter(hook -> !hook.name().equals("budget")).toList();
    assertThat(conflictsWith(shorter))
        .singleElement()
        .asString()
        .contains("stateful hook 'budget' is gone from group 'home'", "hook-budget");
  }

  @Test
  void shouldNameBothGroupsWhenAStatefulHookMoves() {
    List<PlannedHook> moved = new ArrayList<>(Plans.MIXED);
    moved.add(moved.remove(2));
    assertThat(conflictsWith(moved))
        .singleElement()
        .asString()
        .contains("hook 'budget' moves from group 'home' to group 'tenant-budget'");
  }

  @Test
  void shouldNameTheKeysWhenHomeIsSpreadOtherwise() {
    assertThat(PlanComparison.conflicts(MIXED, record(HomeScope.REQUEST, Plans.MIXED)))
        .anySatisfy(
            conflict ->
                assertThat(conflict)
                    .contains("'home' was keyed by tenant and would be keyed by exchange id"));
  }

  @Test
  void shouldNameTheOrderWhenGroupsChangePlaces() {
    List<PlannedHook> turned = new ArrayList<>(Plans.MIXED.subList(0, 3));
    turned.addAll(Plans.MIXED.subList(5, 7));
    turned.addAll(Plans.MIXED.subList(3, 5));
    assertThat(conflictsWith(turned))
        .singleElement()
        .asString()
        .contains(
            "[home, content-shared-cache, provider-quota]",
            "[home, provider-quota, content-shared-cache]");
  }

  @Test
  void shouldNameApplicationsAndPartitionsWhenTheyChange() {
    RunningPlan separate =
        PlanRecords.of(
            Planner.plan(Plans.MIXED, HomeScope.TENANT, new TopicCatalogue("millrace.", 8)),
            Deployment.SEPARATE,
            "millrace.home",
            0);
    assertThat(PlanComparison.conflicts(MIXED, separate))
        .hasSize(5)
        .anySatisfy(conflict -> assertThat(conflict).contains("4 partitions and would have 8"))
        .anySatisfy(
            conflict -> assertThat(conflict).contains("would run in millrace.home.provider-quota"));
  }

  private static List<String> conflictsWith(List<PlannedHook> chain) {
    return PlanComparison.conflicts(MIXED, record(HomeScope.TENANT, chain));
  }

  private static RunningPlan record(HomeScope homeScope, List<PlannedHook> chain) {
    return PlanRecords.of(Plans.plan(homeScope, chain), Deployment.FUSED, "millrace.home", 0);
  }
}
