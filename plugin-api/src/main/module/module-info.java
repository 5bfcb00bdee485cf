/**
 * What plugins compile against: hooks, providers, engines, routing strategies, monitors and their
 * tests.
 */
@org.jspecify.annotations.NullMarked
module io.millrace.plugin {
  requires static transitive org.jspecify;

  // Only io.millrace.plugin.tck needs these, so only a plugin's tests do.
  requires static com.fasterxml.jackson.core;
  requires static com.fasterxml.jackson.databind;
  requires static com.networknt.schema;
  requires static org.junit.jupiter.api;

  exports io.millrace.plugin;
  exports io.millrace.plugin.access;
  exports io.millrace.plugin.cache;
  exports io.millrace.plugin.engine;
  exports io.millrace.plugin.hook;
  exports io.millrace.plugin.model;
  exports io.millrace.plugin.monitor;
  exports io.millrace.plugin.provider;
  exports io.millrace.plugin.routing;
  exports io.millrace.plugin.tck;
  exports io.millrace.plugin.testing;
}
