package io.millrace.workers.provider;

/**
 * One server-sent event.
 *
 * @param type what its {@code event} field says, or empty
 * @param data its {@code data} lines, joined with line breaks
 */
record SseEvent(String type, String data) {}
