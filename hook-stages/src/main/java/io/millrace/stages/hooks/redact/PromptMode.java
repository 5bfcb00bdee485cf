package io.millrace.stages.hooks.redact;

/** What becomes of prompts. */
enum PromptMode {
  /** They go to the provider as they are. */
  OFF,
  /** What is found is replaced by the name of its kind. */
  MASK,
  /** What is found is replaced by a placeholder, and comes back in the reply. */
  RESTORE
}
