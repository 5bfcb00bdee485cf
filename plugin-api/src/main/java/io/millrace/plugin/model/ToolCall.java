package io.millrace.plugin.model;

/**
 * A call of a function that the model asks for.
 *
 * @param id what the answering tool message refers to
 * @param name the function
 * @param arguments what the model wrote as arguments: usually JSON text, never checked here
 */
public record ToolCall(String id, String name, String arguments) {}
