package io.millrace.workers.offset;

/**
 * What to commit for a partition.
 *
 * @param offset everything below it is done
 * @param metadata which offsets from it on are done too; empty when none is
 */
public record Commit(long offset, String metadata) {}
