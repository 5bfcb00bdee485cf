package io.millrace.stages.hooks.validate;

/**
 * How large a request may be.
 *
 * @param messages messages, at least 1
 * @param characters text of all messages together, in characters
 * @param messageCharacters text of one message, in characters
 * @param tools tools
 * @param stopSequences stop sequences
 * @param jsonDepth how deep objects and lists may lie in each other, in anything sent as JSON
 */
record Bounds(
    int messages,
    long characters,
    long messageCharacters,
    int tools,
    int stopSequences,
    int jsonDepth) {

  static final Bounds DEFAULT = new Bounds(1_000, 2_000_000, 2_000_000, 128, 16, 32);
}
