package io.millrace.analytics;

/**
 * A window that calls are still counted in, as the store has it.
 *
 * @param key whose window it is
 * @param figures change with each call; put back afterwards
 */
record OpenWindow(WindowKey key, WindowAccumulator figures) {}
