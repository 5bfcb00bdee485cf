package io.millrace.analytics;

/** How bad things are, from good to bad. */
enum Severity {
  NONE,
  WARNING,
  CRITICAL
}
