package io.millrace.stages.hooks.validate;

import org.jspecify.annotations.Nullable;

/**
 * What a model can do.
 *
 * @param maxInputTokens the longest prompt, or null where it is not known
 * @param maxOutputTokens the longest answer, or null where it is not known
 * @param vision whether it takes images
 * @param tools whether it calls tools
 */
record ModelLimits(
    @Nullable Long maxInputTokens, @Nullable Long maxOutputTokens, boolean vision, boolean tools) {}
