package io.millrace.plugin.hook;

/**
 * Names of the events that have a meaning of their own beyond one plugin. A plugin may add its own
 * types; it does well to begin them with its name.
 */
public final class EventTypes {

  /** A plugin was created. */
  public static final String PLUGIN_CREATED = "plugin-created";

  /** A plugin's configuration met its schema. */
  public static final String PLUGIN_VALIDATED = "plugin-validated";

  /** A plugin is initialized. */
  public static final String PLUGIN_INITIALIZED = "plugin-initialized";

  /** A plugin takes part. */
  public static final String PLUGIN_ACTIVE = "plugin-active";

  /** A plugin was switched off. */
  public static final String PLUGIN_DISABLED = "plugin-disabled";

  /** A plugin was closed. */
  public static final String PLUGIN_CLOSED = "plugin-closed";

  /** An inference engine begins to load a model. */
  public static final String MODEL_LOADING = "model-loading";

  /** A model is loaded. */
  public static final String MODEL_LOADED = "model-loaded";

  /** A model was unloaded. */
  public static final String MODEL_UNLOADED = "model-unloaded";

  /** A model could not be loaded. */
  public static final String MODEL_ERROR = "model-error";

  /** A call to a model begins. */
  public static final String INFERENCE_STARTED = "inference-started";

  /** A call to a model goes on. */
  public static final String INFERENCE_PROGRESS = "inference-progress";

  /** A call to a model is over. */
  public static final String INFERENCE_COMPLETED = "inference-completed";

  /** A call to a model failed. */
  public static final String INFERENCE_ERROR = "inference-error";

  /** A provider and model are being chosen. */
  public static final String ROUTE_STARTED = "route-started";

  /** A provider and model were chosen. */
  public static final String ROUTE_SELECTED = "route-selected";

  /** Another routing strategy is in force. */
  public static final String STRATEGY_CHANGED = "strategy-changed";

  /** An answer came from a cache. */
  public static final String CACHE_HIT = "cache-hit";

  /** A cache had no answer. */
  public static final String CACHE_MISS = "cache-miss";

  /** An answer was put into a cache. */
  public static final String CACHE_SET = "cache-set";

  /** A part of a budget is spent from which on there is a warning. */
  public static final String BUDGET_WARNING = "budget-warning";

  /** A budget had no money for a request. */
  public static final String BUDGET_EXHAUSTED = "budget-exhausted";

  /** A hook threw an exception. */
  public static final String HOOK_ERROR = "hook-error";

  /** A hook took longer than its time budget. */
  public static final String HOOK_SLOW = "hook-slow";

  /** A stream thread does not come round, most likely because a hook does not return. */
  public static final String THREAD_STUCK = "thread-stuck";

  /** An operator asked something of a hook, and it was done. */
  public static final String HOOK_OPERATED = "hook-operated";

  /** A hook whose PreHook ran is gone from the configuration, so its PostHook did not. */
  public static final String HOOK_SKIPPED = "hook-skipped";

  /** The pipeline begins to leave out what matters less. */
  public static final String SHEDDING_STARTED = "shedding-started";

  /** It takes it in again. */
  public static final String SHEDDING_STOPPED = "shedding-stopped";

  /** Calls to a model stop in one process, because too many failed. */
  public static final String CIRCUIT_OPENED = "circuit-opened";

  /** The single call that was let through failed, too. */
  public static final String CIRCUIT_REOPENED = "circuit-reopened";

  /** A single call is let through to see whether the model answers again. */
  public static final String CIRCUIT_HALF_OPENED = "circuit-half-opened";

  /** It answers; a growing share of the calls is let through. */
  public static final String CIRCUIT_RECOVERING = "circuit-recovering";

  /** All calls are let through again. */
  public static final String CIRCUIT_CLOSED = "circuit-closed";

  private EventTypes() {}
}
