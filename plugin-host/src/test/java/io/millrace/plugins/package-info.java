/** Tests of loading, each with plugins that are compiled on the spot. */
@org.jspecify.annotations.NullMarked
package io.millrace.plugins;
