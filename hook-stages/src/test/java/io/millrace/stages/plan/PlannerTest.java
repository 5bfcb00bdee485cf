package io.millrace.stages.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.Scope;
import io.millrace.schemas.topic.HomeScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannerTest {

  @Test
  void shouldBeOneGroupWhenEverythingIsTheTenants() {
    StagePlan plan =
        Plans.plan(
            HomeScope.TENANT,
            List.of(
                Plans.stateful("auth", Scope.TENANT),
                Plans.plain("logging", Scope.NONE),
                Plans.stateful("cache", Scope.TENANT)));
    assertThat(plan.groupNames()).containsExactly("home");
    assertThat(plan.home().hookNames()).containsExactly("auth", "logging", "cache");
    assertThat(plan.home().stores())
        .extracting(PlannedStore::name)
        .contains("home-ledger", "hook-auth", "hook-cache");
  }

  @Test
  void shouldKeepTheOrderWhenATenantsHookFollowsAnotherScope() {
    StagePlan plan =
        Plans.plan(
            HomeScope.TENANT,
            List.of(
                Plans.stateful("auth", Scope.TENANT),
                Plans.stateful("cache", Scope.CONTENT),
                Plans.stateful("budget", Scope.TENANT)));
    assertThat(plan.groupNames()).containsExactly("home", "content-cache", "tenant-budget");
    assertThat(plan.groups().getLast().key()).isEqualTo(GroupKey.TENANT);
  }

  @Test
  void shouldGiveTheTenantsHooksAGroupWhenHomeIsSpreadByRequest() {
    StagePlan plan = Plans.plan(HomeScope.REQUEST, Plans.MIXED);
    assertThat(plan.groupNames())
        .containsExactly("home", "tenant-auth", "content-shared-cache", "provider-quota");
    assertThat(plan.home().key()).isEqualTo(GroupKey.EXCHANGE);
    assertThat(plan.home().hookNames()).containsExactly("logging");
  }

  @Test
  void shouldBeHomeAloneWhenThereAreNoHooks() {
    assertThat(Plans.plan(HomeScope.TENANT, List.of()).groupNames()).containsExactly("home");
  }

  @Test
  void shouldLeadFromGroupToGroupAndOutToTheProviders() {
    StagePlan plan = Plans.plan(HomeScope.TENANT, Plans.MIXED);
    assertThat(plan.after(plan.home())).contains(plan.groups().get(1));
    assertThat(plan.after(plan.groups().getLast())).isEmpty();
    assertThat(plan.groups().get(1).requests().name())
        .isEqualTo("millrace.stage.content-shared-cache.requests");
    assertThat(plan.groups().get(1).partitions()).isEqualTo(4);
  }

  @Test
  void shouldKeepEveryGroupsNameWhenAHookIsAddedBeforeThem() {
    List<PlannedHook> longer = new ArrayList<>(Plans.MIXED);
    longer.addFirst(Plans.stateful("keys", Scope.OWN));
    assertThat(Plans.plan(HomeScope.REQUEST, longer).groupNames())
        .containsAll(Plans.plan(HomeScope.REQUEST, Plans.MIXED).groupNames());
  }

  @Test
  void shouldRefuseAHookThatIsThereTwice() {
    assertThatThrownBy(
            () ->
                Plans.plan(
                    HomeScope.TENANT, List.of(Plans.DEFAULT.getFirst(), Plans.DEFAULT.getFirst())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'logging'")
        .hasMessageContaining("twice");
  }
}
