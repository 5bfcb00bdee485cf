package io.millrace.plugin.hook;

import java.time.InstantSource;

/**
 * What a hook gets of its surroundings when it is created.
 *
 * @param clock the time source; the same as {@link HookContext#now()}
 * @param meters where to count and time
 * @param events what happens in this process
 */
public record HookEnvironment(InstantSource clock, Meters meters, Events events) {}
