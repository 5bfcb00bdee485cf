package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.Meters;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.OperationContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.stages.hooks.quota.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes from every limit that a request meets, or from none: then the request waits or is refused.
 * After the attempt it corrects what it took. Thread-safe: everything is in the hook's state and in
 * the exchange's notes.
 */
final class RateLimitHook implements Hook {

  private static final String TICKET = "ticket";
  private static final String WAITS_SINCE = "waits-since";
  private static final String GRANTS = "grants";

  /** Whoever is next asks at least this often: somebody may have given something back. */
  private static final long FIRST_ASKS_MILLIS = 1_000;

  /** So does everybody behind, though less often. */
  private static final long OTHERS_ASK_MILLIS = 5_000;

  private final RateLimitSettings settings;
  private final Claims claims;
  private final Correction correction;
  private final Meters meters;

  RateLimitHook(RateLimitSettings settings, Meters meters) {
    this.settings = settings;
    this.claims = new Claims(settings);
    this.correction = new Correction(settings);
    this.meters = meters;
  }

  @Override
  public void initialize() {
    claims.load();
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    Subject subject = Subject.of(context);
    long now = context.now().toEpochMilli();
    KeyedState state = context.state();
    List<Claim> asked = claims.of(request, subject, context, state, now);
    if (asked.isEmpty()) {
      return PreHookResult.proceed(request);
    }
    WaitingLine line = new WaitingLine(state, now);
    Optional<Ticket> held = context.attribute(TICKET).map(Ticket::of);
    Supplier<Ticket> ticket = () -> held.orElseGet(() -> line.next(context.tenant()));
    Judge judge =
        new Judge(
            line,
            ticket,
            now,
            context.deadline().toEpochMilli(),
            context.background() ? settings.backgroundReserve() : Judge.NO_RESERVE);
    return switch (judge.judge(asked)) {
      case Verdict.Take ignored -> {
        held.ifPresent(place -> leave(line, place, asked));
        held.ifPresent(line::served);
        take(asked, context, state, now);
        yield PreHookResult.proceed(request);
      }
      case Verdict.Wait wait -> {
        Ticket place = ticket.get();
        if (held.isEmpty()) {
          join(line, place, asked, context);
        }
        yield defer(line, place, asked, wait, context);
      }
      case Verdict.Refuse refuse -> {
        held.ifPresent(place -> leave(line, place, asked));
        yield refuse(asked, refuse.by(), context, Refusals.later(refuse, subject));
      }
      case Verdict.TooMuch never -> {
        held.ifPresent(place -> leave(line, place, asked));
        yield refuse(asked, never.by(), context, Refusals.never(never, subject));
      }
    };
  }

  private void take(List<Claim> asked, HookContext context, KeyedState state, long now) {
    List<Grants.Grant> grants = new ArrayList<>();
    for (Claim claim : asked) {
      long takenAt = claim.limiter().take(now, claim.amount());
      grants.add(new Grants.Grant(claim.limit().name(), claim.amount(), takenAt));
      claim.bucket().save(state, now);
      count("taken", claim);
    }
    context.setAttribute(GRANTS, Grants.text(grants));
    RateHeaders.set(context, asked, now);
    context
        .attribute(WAITS_SINCE)
        .ifPresent(
            since ->
                meters.time(
                    "millrace.rate.limit.wait",
                    Map.of(),
                    Duration.ofMillis(Math.max(0, now - Long.parseLong(since)))));
  }

  private void join(WaitingLine line, Ticket ticket, List<Claim> asked, HookContext context) {
    long share = asked.stream().mapToLong(Claim::share).max().orElse(1);
    line.issue(ticket, context.tenant(), share);
    context.setAttribute(TICKET, ticket.text());
    context.setAttribute(WAITS_SINCE, Long.toString(context.now().toEpochMilli()));
    asked.forEach(claim -> count("waiting", claim));
  }

  private PreHookResult defer(
      WaitingLine line, Ticket ticket, List<Claim> asked, Verdict.Wait wait, HookContext context) {
    long now = context.now().toEpochMilli();
    long delay = delayOf(wait);
    for (Claim claim : wait.at()) {
      line.wait(
          claim.bucket(), ticket, claim.amount(), now + delay, context.deadline().toEpochMilli());
    }
    asked.forEach(claim -> claim.bucket().saveIfChanged(context.state(), now));
    return PreHookResult.defer(Duration.ofMillis(delay));
  }

  /** Exactly as long as it takes for whoever is next; others ask in between what has changed. */
  private static long delayOf(Verdict.Wait wait) {
    return wait.first()
        ? Math.min(wait.waitMillis(), FIRST_ASKS_MILLIS)
        : Math.min(Math.max(FIRST_ASKS_MILLIS / 5, wait.waitMillis() / 2), OTHERS_ASK_MILLIS);
  }

  private static void leave(WaitingLine line, Ticket ticket, List<Claim> asked) {
    asked.forEach(claim -> line.leave(claim.bucket(), ticket));
  }

  private PreHookResult refuse(
      List<Claim> asked, Claim by, HookContext context, PipelineError error) {
    long now = context.now().toEpochMilli();
    asked.forEach(claim -> claim.bucket().saveIfChanged(context.state(), now));
    RateHeaders.set(context, asked, now);
    count("refused", by);
    return PreHookResult.fail(error);
  }

  private void count(String what, Claim claim) {
    meters.count(
        "millrace.rate.limit.decisions",
        Map.of("limit", claim.limit().name(), "decision", what),
        1);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    List<Grants.Grant> grants = Grants.of(context.attribute(GRANTS));
    if (!grants.isEmpty()) {
      correction.apply(grants, outcome, context);
    }
    return outcome;
  }

  @Override
  public String operate(Operation operation, OperationContext context) {
    return new RateLimitOperations(settings, context).answer(operation);
  }
}
