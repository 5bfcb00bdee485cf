package io.millrace.plugin.hook;

import io.millrace.plugin.access.AccessKeys;
import java.time.InstantSource;

/**
 * What a hook gets of its surroundings when it is created.
 *
 * @param clock the time source; the same as {@link HookContext#now()}
 * @param meters where to count and time
 * @param events what happens in this process
 * @param prices what models cost
 * @param accessKeys what the pipeline's keys may do
 * @param load how busy the pipeline is
 */
public record HookEnvironment(
    InstantSource clock,
    Meters meters,
    Events events,
    Prices prices,
    AccessKeys accessKeys,
    PipelineLoad load) {}
