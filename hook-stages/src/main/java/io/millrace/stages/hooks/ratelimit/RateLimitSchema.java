package io.millrace.stages.hooks.ratelimit;

/** The JSON Schema of the hook's configuration. */
final class RateLimitSchema {

  private static final String PATTERN =
      "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 256,"
          + " \"description\": \"A pattern; * stands for any text.\"}";

  private static final String MATCH =
      """
      {
        "type": "object",
        "description": "Whom it is for; all patterns must match. Without any, everybody.",
        "additionalProperties": false,
        "properties": {
          "tenant": %1$s, "team": %1$s, "key": %1$s, "model": %1$s, "provider": %1$s
        }
      }\
      """
          .formatted(PATTERN);

  private static final String AMOUNT =
      "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000000000, \"description\": \"%s\"}";

  static final String JSON =
      """
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "limits": {
            "type": "array",
            "maxItems": 16,
            "description": "The limits. A request takes from all that are for it, or from none.",
            "items": {
              "type": "object",
              "additionalProperties": false,
              "required": ["limit"],
              "properties": {
                "name": {
                  "type": "string",
                  "pattern": "^[a-z][a-z0-9-]{0,63}$",
                  "description": "Unique. Under another name a limit begins anew."
                },
                "by": {
                  "type": "array",
                  "uniqueItems": true,
                  "description": "Each combination of these has the limit for itself.",
                  "items": {"enum": ["tenant", "team", "key", "model", "provider"]}
                },
                "unit": {
                  "enum": ["requests", "tokens"],
                  "description": "What it counts; requests without."
                },
                "algorithm": {
                  "enum": ["token_bucket", "sliding_window", "fixed_window"],
                  "description": "How it counts; token_bucket without."
                },
                "limit": %1$s,
                "per": {
                  "type": "string",
                  "pattern": "^[0-9]{1,9}(ms|s|m|h|d)$",
                  "description": "The period, 1s to 31d; 1m without."
                },
                "burst": %2$s,
                "match": %3$s,
                "on_limit": {
                  "enum": ["reject", "wait"],
                  "description": "What becomes of a request that does not fit; reject without."
                },
                "exceptions": {
                  "type": "array",
                  "maxItems": 100,
                  "description": "Other limits for some; the first that matches counts.",
                  "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["match", "limit"],
                    "properties": {"match": %3$s, "limit": %1$s, "burst": %2$s}
                  }
                }
              }
            }
          },
          "scope": {
            "enum": ["tenant", "provider"],
            "default": "tenant",
            "description": "provider: exact over all tenants, in a stage of its own."
          },
          "count_cached": {
            "type": "boolean",
            "default": false,
            "description": "Whether an answer counts that did not come from the provider."
          },
          "count_failed": {
            "type": "boolean",
            "default": false,
            "description": "Whether an attempt counts that failed at the provider."
          },
          "default_max_tokens": {
            "type": "integer",
            "minimum": 0,
            "maximum": 1000000000,
            "default": 512,
            "description": "What a request without max_tokens is expected to generate."
          },
          "background_reserve": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.2,
            "description": "The share of each limit that requests sent by hooks leave alone."
          },
          "tokenizer": {
            "enum": ["o200k_base", "none"],
            "default": "o200k_base",
            "description": "How prompts are counted; none takes four characters for a token."
          }
        }
      }
      """
          .formatted(
              AMOUNT.formatted("How much a period allows."),
              AMOUNT.formatted("What a token bucket holds when full; the limit without."),
              MATCH);

  private RateLimitSchema() {}
}
