package io.millrace.stages.routing;

import io.millrace.plugin.provider.ModelInfo;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Keeps what requests are routed by in step with what providers say of their models: worked out
 * anew when something was said, and else the same for all requests. Thread-safe; never waits.
 */
final class RouteScenes {

  private final Routing configured;
  private final Router.Known known;
  private final RecentPicks picks;
  private final InstantSource clock;
  private volatile Latest latest;

  RouteScenes(Routing configured, Router.Known known, RecentPicks picks, InstantSource clock) {
    this.configured = configured;
    this.known = known;
    this.picks = picks;
    this.clock = clock;
    this.latest = new Latest(Map.of(), scene(configured));
  }

  /** As things are now. */
  RouteScene now() {
    Latest last = latest;
    if (configured.reported().isEmpty()) {
      return last.scene();
    }
    Map<String, List<ModelInfo>> reports = known.models().byProvider();
    if (reports != last.reports()) {
      // Providers say the same again and again; that is compared once, not at every request.
      boolean same = reports.equals(last.reports());
      last = new Latest(reports, same ? last.scene() : scene(configured.withReports(reports)));
      // Two threads at once come to the same.
      latest = last;
    }
    return last.scene();
  }

  private RouteScene scene(Routing routing) {
    return new RouteScene(routing, new Candidates(routing, known.health(), picks, clock));
  }

  private record Latest(Map<String, List<ModelInfo>> reports, RouteScene scene) {}
}
