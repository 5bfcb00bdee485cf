package io.millrace.stages.hooks.ratelimit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Asks every limit before anything is taken: a request takes from all of them or from none. */
final class Judge {

  /** Somebody ahead will ask soon: until then it is no use to ask. */
  private static final long SOON_MILLIS = 100;

  private final WaitingLine line;
  private final Supplier<Ticket> ticket;
  private final long nowMillis;
  private final long deadlineMillis;

  /** What a request that nobody waits for leaves alone; below zero for those of people. */
  private final double reserve;

  /** A request that somebody waits for. */
  static final double NO_RESERVE = -1;

  /**
   * Asks on behalf of one request.
   *
   * @param ticket its place in the line, asked for only where somebody waits
   * @param reserve the share of each limit that it leaves alone, or {@link #NO_RESERVE}; with a
   *     reserve, also of nothing, it does not wait
   */
  Judge(
      WaitingLine line,
      Supplier<Ticket> ticket,
      long nowMillis,
      long deadlineMillis,
      double reserve) {
    this.line = line;
    this.ticket = ticket;
    this.nowMillis = nowMillis;
    this.deadlineMillis = deadlineMillis;
    this.reserve = reserve;
  }

  Verdict judge(List<Claim> claims) {
    for (Claim claim : claims) {
      if (claim.amount() > claim.limiter().capacity()) {
        return new Verdict.TooMuch(claim, claim.limiter().capacity());
      }
    }
    return judgePossible(claims);
  }

  private Verdict judgePossible(List<Claim> claims) {
    List<Claim> holding = new ArrayList<>();
    long longest = SOON_MILLIS;
    boolean first = true;
    for (Claim claim : claims) {
      switch (claim.limiter().check(nowMillis, claim.amount())) {
        case Decision.Never never -> {
          return new Verdict.TooMuch(claim, never.capacity());
        }
        case Decision.Fits ignored when leavesReserve(claim) -> {
          WaitingLine.Ahead ahead = line.ahead(claim.bucket(), ticket);
          if (ahead.count() > 0) {
            holding.add(claim);
            first = false;
            longest = Math.max(longest, waitBehind(claim, ahead));
          }
        }
        case Decision.Fits ignored -> {
          return new Verdict.Refuse(claim, Math.max(SOON_MILLIS, fillTime(claim)));
        }
        case Decision.Later later -> {
          if (claim.limit().onLimit() == OnLimit.REJECT || background()) {
            return new Verdict.Refuse(claim, later.waitMillis());
          }
          WaitingLine.Ahead ahead = line.ahead(claim.bucket(), ticket);
          holding.add(claim);
          first &= ahead.count() == 0;
          longest = Math.max(longest, waitBehind(claim, ahead));
        }
      }
    }
    if (holding.isEmpty()) {
      return new Verdict.Take();
    }
    boolean room = holding.stream().allMatch(at -> at.bucket().waiting() < WaitingLine.MAX_WAITING);
    return !background() && room && longest < deadlineMillis - nowMillis
        ? new Verdict.Wait(List.copyOf(holding), longest, first)
        : new Verdict.Refuse(holding.getFirst(), longest);
  }

  private boolean leavesReserve(Claim claim) {
    return !background()
        || claim.limiter().available(nowMillis) - claim.amount()
            >= reserve * claim.limiter().capacity();
  }

  private long waitBehind(Claim claim, WaitingLine.Ahead ahead) {
    return claim.limiter().waitMillis(nowMillis, ahead.amount() + claim.amount());
  }

  private boolean background() {
    return reserve >= 0;
  }

  private long fillTime(Claim claim) {
    return claim.limiter().resetMillis(nowMillis);
  }
}
