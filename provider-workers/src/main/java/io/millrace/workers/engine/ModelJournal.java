package io.millrace.workers.engine;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what becomes of models and calls: in the log, as figures, as events. Thread-safe. */
final class ModelJournal {

  private static final Logger LOG = LoggerFactory.getLogger(ModelJournal.class);
  private static final int MAX_REASON = 300;

  private final String provider;
  private final EngineMeters meters;
  private final EngineEvents events;
  private final boolean callEvents;

  ModelJournal(String provider, EngineMeters meters, EngineEvents events, boolean callEvents) {
    this.provider = provider;
    this.meters = meters;
    this.events = events;
    this.callEvents = callEvents;
  }

  void loading(String model, String where) {
    LOG.info("provider {} loads model {} from {}", provider, model, where);
    events.emit(EventTypes.MODEL_LOADING, Map.of("provider", provider, "model", model));
  }

  void loaded(String model, String engine, Duration took) {
    LOG.info(
        "provider {} has loaded model {} into engine {} in {} ms",
        provider,
        model,
        engine,
        took.toMillis());
    meters.load(model, true, took);
    events.emit(
        EventTypes.MODEL_LOADED,
        Map.of(
            "provider",
            provider,
            "model",
            model,
            "engine",
            engine,
            "millis",
            Long.toString(took.toMillis())));
  }

  void failed(String model, String reason, Duration took) {
    LOG.error("provider {} cannot load model {}: {}", provider, model, reason);
    meters.load(model, false, took);
    events.emit(
        EventTypes.MODEL_ERROR,
        Map.of("provider", provider, "model", model, "reason", cut(reason)));
  }

  void unloaded(String model) {
    LOG.info("provider {} has unloaded model {}", provider, model);
    events.emit(EventTypes.MODEL_UNLOADED, Map.of("provider", provider, "model", model));
  }

  void begun(ProviderRequest request) {
    if (callEvents) {
      events.emit(EventTypes.INFERENCE_STARTED, call(request));
    }
  }

  void ended(ProviderRequest request, ProviderReply reply) {
    if (!callEvents) {
      return;
    }
    switch (reply) {
      case ProviderReply.Success success ->
          events.emit(EventTypes.INFERENCE_COMPLETED, call(request));
      case ProviderReply.Failure failed ->
          events.emit(
              EventTypes.INFERENCE_ERROR,
              Map.of(
                  "provider",
                  provider,
                  "model",
                  request.model(),
                  "call",
                  request.callId(),
                  "code",
                  failed.error().code()));
    }
  }

  private Map<String, String> call(ProviderRequest request) {
    return Map.of("provider", provider, "model", request.model(), "call", request.callId());
  }

  private static String cut(String text) {
    return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + "…";
  }
}
