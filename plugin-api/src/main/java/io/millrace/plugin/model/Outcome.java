package io.millrace.plugin.model;

/** How an attempt or a request ended: a response or an error, never both and never neither. */
public sealed interface Outcome permits Completion, PipelineError {}
