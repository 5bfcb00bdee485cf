package io.millrace.stages.routing;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import java.util.List;
import java.util.function.Supplier;

/**
 * A request to be routed.
 *
 * @param model as the request names it
 * @param fallbacks as the request names them; empty where it says nothing
 * @param request the request; asked for only where there is something to choose, at most once
 * @param context who asks, and when
 */
public record RouteQuestion(
    String model,
    List<String> fallbacks,
    Supplier<CompletionRequest> request,
    RequestContext context) {}
