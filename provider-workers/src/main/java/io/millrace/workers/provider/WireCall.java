package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What a call sends.
 *
 * @param path below the base address, perhaps with a query; no slash at its start
 * @param headers besides those that every call has; none of them a secret
 * @param body JSON
 */
record WireCall(String path, Map<String, String> headers, JsonNode body) {}
