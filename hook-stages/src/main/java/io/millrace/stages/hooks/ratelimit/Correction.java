package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.stages.hooks.quota.Subject;
import java.util.List;
import java.util.Optional;

/** Makes of what an attempt took what it has really used. Thread-safe. */
final class Correction {

  private final RateLimitSettings settings;

  Correction(RateLimitSettings settings) {
    this.settings = settings;
  }

  void apply(List<Grants.Grant> grants, Outcome outcome, HookContext context) {
    Subject subject = Subject.of(context);
    for (Grants.Grant grant : grants) {
      // A limit that is gone from the configuration needs no correction.
      limit(grant.limit()).ifPresent(limit -> correct(limit, grant, outcome, subject, context));
    }
  }

  private Optional<Limit> limit(String name) {
    return settings.limits().stream().filter(limit -> limit.name().equals(name)).findFirst();
  }

  private void correct(
      Limit limit, Grants.Grant grant, Outcome outcome, Subject subject, HookContext context) {
    long used = used(limit, grant.amount(), outcome, context);
    if (used == grant.amount()) {
      return;
    }
    long now = context.now().toEpochMilli();
    Bucket bucket = Bucket.load(limit, subject, context.state(), now);
    if (used < grant.amount()) {
      bucket.limiter().giveBack(now, grant.takenAtMillis(), grant.amount() - used);
    } else {
      // Whatever fits or not: it is used. What is too much is a debt that later requests wait for.
      var unused = bucket.limiter().take(now, used - grant.amount());
    }
    bucket.save(context.state(), now);
  }

  private long used(Limit limit, long taken, Outcome outcome, HookContext context) {
    return switch (outcome) {
      case PipelineError ignored -> settings.countFailed() && context.fromProvider() ? taken : 0;
      case Completion completion -> {
        if (!context.fromProvider() && !settings.countCached()) {
          yield 0;
        }
        long tokens = completion.usage().totalTokens();
        // A provider that does not tell has used something all the same.
        yield limit.unit() == Unit.REQUESTS || tokens <= 0 ? taken : tokens;
      }
    };
  }
}
