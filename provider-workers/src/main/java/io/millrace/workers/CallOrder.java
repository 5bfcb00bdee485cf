package io.millrace.workers;

import io.millrace.plugin.model.CompletionRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to carry out.
 *
 * @param request what to ask
 * @param model the model as the provider names it
 * @param callId the same however often the attempt is delivered
 * @param deadline nothing is begun from then on
 * @param chunks takes the pieces of the answer while it comes; null where nobody wants them
 */
record CallOrder(
    CompletionRequest request,
    String model,
    String callId,
    Instant deadline,
    @Nullable StreamedChunks chunks) {}
