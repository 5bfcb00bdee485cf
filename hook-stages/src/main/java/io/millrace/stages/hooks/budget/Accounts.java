package io.millrace.stages.hooks.budget;

import io.millrace.plugin.hook.KeyedState;
import io.millrace.stages.hooks.quota.StateKeys;
import io.millrace.stages.hooks.quota.StateSweep;
import java.time.Instant;
import java.util.List;

/** The accounts in the hook's state: one for each budget, owner and period. Used by one thread. */
final class Accounts {

  /** Keys of accounts begin with this. */
  static final String PREFIX = "a/";

  private static final StateSweep SWEEP = new StateSweep(PREFIX, "sweep/a");

  private final KeyedState state;
  private final Instant now;

  Accounts(KeyedState state, Instant now) {
    this.state = state;
    this.now = now;
  }

  static String keyOf(String budget, String owner, String periodId) {
    return PREFIX + budget + "/" + StateKeys.of(List.of(owner)) + "=" + periodId;
  }

  Account get(String key) {
    return Account.of(state.get(key));
  }

  /** Puts an account; a new one also throws out some of periods long over. */
  void put(String key, Account account) {
    boolean fresh = state.get(key) == null;
    state.put(key, account.bytes());
    if (fresh) {
      SWEEP.step(state, entry -> isOver(entry.key()));
    }
  }

  private boolean isOver(String key) {
    String periodId = key.substring(key.lastIndexOf('=') + 1);
    for (Period period : Period.values()) {
      if (periodId.length() == period.idAt(now).length()
          && key.startsWith("-" + period.configName(), key.indexOf('-'))) {
        return periodId.compareTo(period.idBefore(now)) < 0;
      }
    }
    return false;
  }
}
