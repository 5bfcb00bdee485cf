package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A configuration and how to show it.
 *
 * @param source the file, or what stands for it
 * @param config in force
 * @param shown every key with its value, secrets masked, variables by their names
 */
public record LoadedConfig(String source, MillraceConfig config, ObjectNode shown) {}
