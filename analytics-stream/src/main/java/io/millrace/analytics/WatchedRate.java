package io.millrace.analytics;

/** What is remembered about one provider: its recent calls and the alert on it. */
record WatchedRate(RecentCalls recent, AlertState alert) {

  /** A provider never seen before. */
  static final WatchedRate NEW = new WatchedRate(RecentCalls.NONE, AlertState.QUIET);
}
