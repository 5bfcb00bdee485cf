package io.millrace.workers;

import io.millrace.plugin.model.CompletionRequest;
import java.time.Instant;

/**
 * One attempt to carry out.
 *
 * @param request what to ask
 * @param model the model as the provider names it
 * @param callId the same however often the attempt is delivered
 * @param deadline nothing is begun from then on
 */
record CallOrder(CompletionRequest request, String model, String callId, Instant deadline) {}
