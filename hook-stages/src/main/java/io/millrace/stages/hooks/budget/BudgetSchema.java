package io.millrace.stages.hooks.budget;

/** The JSON Schema of the hook's configuration. */
final class BudgetSchema {

  private static final String PATTERN =
      "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 256, \"description\": \"%s\"}";

  static final String JSON =
      """
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "budgets": {
            "type": "array",
            "maxItems": 1000,
            "description": "A request must fit all that are for it; of one level and period, the first.",
            "items": {
              "type": "object",
              "additionalProperties": false,
              "required": ["period", "limit_usd"],
              "properties": {
                "tenant": %s,
                "team": %s,
                "key": %s,
                "period": {
                  "enum": ["day", "month", "total"],
                  "description": "What it is for; days and months of UTC."
                },
                "limit_usd": {
                  "type": ["string", "number"],
                  "pattern": "^[0-9]{1,10}(\\\\.[0-9]{1,9})?$",
                  "minimum": 0,
                  "maximum": 1000000000,
                  "description": "Dollars, such as 12.50 or \\"12.50\\"; at most 1000000000."
                },
                "warn_at": {
                  "type": "number",
                  "minimum": 0,
                  "maximum": 1,
                  "description": "The part from which on there is a warning; 0.8 without."
                }
              }
            }
          },
          "default_max_tokens": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000000,
            "default": 4096,
            "description": "What a request without max_tokens is taken to generate at most."
          },
          "set_max_tokens": {
            "type": "boolean",
            "default": false,
            "description": "Whether such a request is sent with that as its max_tokens."
          },
          "image_tokens": {
            "type": "integer",
            "minimum": 0,
            "maximum": 100000000,
            "default": 4096,
            "description": "The most tokens of one image."
          },
          "charge_unknown": {
            "type": "boolean",
            "default": false,
            "description": "Whether an attempt that timed out costs what was reserved for it."
          }
        }
      }
      """
          .formatted(
              PATTERN.formatted("Which tenants; * stands for any text."),
              PATTERN.formatted("Which teams; each has the budget for itself."),
              PATTERN.formatted("Which keys; each has the budget for itself."));

  private BudgetSchema() {}
}
