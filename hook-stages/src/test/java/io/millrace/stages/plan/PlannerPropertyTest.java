package io.millrace.stages.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Scope;
import io.millrace.schemas.topic.HomeScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Holds for every chain, whatever its scopes. */
class PlannerPropertyTest {

  private static final int CHAINS = 2_000;

  @Test
  void shouldKeepTheOrderDownAndItsReverseUpWhenTheGroupsAreWalked() {
    forRandomChains(
        (chain, plan) -> {
          List<PlannedHook> down = new ArrayList<>();
          plan.groups().forEach(group -> down.addAll(group.hooks()));
          assertThat(down).isEqualTo(chain);
          List<PlannedHook> up = new ArrayList<>();
          plan.groups().reversed().forEach(group -> up.addAll(group.hooks().reversed()));
          assertThat(up).isEqualTo(chain.reversed());
        });
  }

  @Test
  void shouldKeepEveryStateUnderTheKeyOfItsScope() {
    forRandomChains(
        (chain, plan) -> {
          List<String> stores = new ArrayList<>();
          for (StageGroup group : plan.groups()) {
            for (PlannedHook hook : group.hooks()) {
              assertThat(hook.scope()).isIn(scopesOf(group));
            }
            group.stores().forEach(store -> stores.add(store.name()));
          }
          assertThat(stores).doesNotHaveDuplicates();
          for (PlannedHook hook : chain) {
            assertThat(stores.contains(GroupStores.stateOf(hook.name())))
                .isEqualTo(hook.stateful());
          }
        });
  }

  @Test
  void shouldCutNowhereThatItNeedNot() {
    forRandomChains(
        (chain, plan) -> {
          for (int i = 1; i < plan.groups().size(); i++) {
            StageGroup group = plan.groups().get(i);
            Scope first = group.hooks().getFirst().scope();
            assertThat(scopesOf(plan.groups().get(i - 1)).contains(first) && first != Scope.OWN)
                .as("group %s could have joined the one before it", group.name())
                .isFalse();
          }
        });
  }

  @Test
  void shouldGiveEveryOwnKeyItsGroup() {
    forRandomChains(
        (chain, plan) -> {
          for (StageGroup group : plan.groups()) {
            long own = group.hooks().stream().filter(hook -> hook.scope() == Scope.OWN).count();
            assertThat(own).isEqualTo(group.key() == GroupKey.OWN ? 1 : 0);
          }
        });
  }

  @Test
  void shouldNameGroupsOnceAndTheSameWhenAHookIsAddedAtTheEnd() {
    forRandomChains(
        (chain, plan) -> {
          assertThat(plan.groupNames()).doesNotHaveDuplicates().startsWith("home");
          List<PlannedHook> longer = new ArrayList<>(chain);
          longer.add(Plans.stateful("another", Scope.CONTENT));
          HomeScope homeScope =
              plan.home().key() == GroupKey.TENANT ? HomeScope.TENANT : HomeScope.REQUEST;
          assertThat(Plans.plan(homeScope, longer).groupNames())
              .startsWith(plan.groupNames().toArray(String[]::new));
        });
  }

  private static List<Scope> scopesOf(StageGroup group) {
    return switch (group.key()) {
      case TENANT -> List.of(Scope.NONE, Scope.TENANT);
      case EXCHANGE -> List.of(Scope.NONE);
      case CONTENT -> List.of(Scope.NONE, Scope.CONTENT);
      case PROVIDER -> List.of(Scope.NONE, Scope.PROVIDER);
      case OWN -> List.of(Scope.NONE, Scope.OWN);
    };
  }

  private static void forRandomChains(BiConsumer<List<PlannedHook>, StagePlan> check) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < CHAINS; i++) {
      List<PlannedHook> chain = Plans.randomChain(random);
      for (HomeScope homeScope : HomeScope.values()) {
        try {
          check.accept(chain, Plans.plan(homeScope, chain));
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed + ", chain " + chain + ", " + homeScope, e);
        }
      }
    }
  }
}
