/**
 * Compatibility kits: a plugin's test subclasses one in a few lines and learns whether the plugin
 * keeps to its contract. They need JUnit Jupiter and com.networknt:json-schema-validator, both in
 * test scope.
 */
@NullMarked
package io.millrace.plugin.tck;

import org.jspecify.annotations.NullMarked;
