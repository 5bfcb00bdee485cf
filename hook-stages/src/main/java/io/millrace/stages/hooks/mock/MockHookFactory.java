package io.millrace.stages.hooks.mock;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import io.millrace.stages.hooks.settings.Settings;
import java.util.List;
import java.util.Map;

/** Creates the {@code mock} hook; the folder's README has its configuration. */
public final class MockHookFactory implements HookFactory {

  static final int MAX_RULES = 1_000;

  private static final String SCHEMA =
      """
      {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "otherwise": {
            "description": "What becomes of a request that no rule fits.",
            "enum": ["pass", "error"],
            "default": "pass"
          },
          "rules": {
            "description": "The first that fits replies.",
            "type": "array",
            "maxItems": 1000,
            "items": {
              "type": "object",
              "additionalProperties": false,
              "oneOf": [{"required": ["respond"]}, {"required": ["error"]}],
              "properties": {
                "match": {
                  "description": "Which requests it is for; all that is given must fit.",
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "model": {
                      "description": "provider/model or model of the attempt's target, * for any characters.",
                      "type": "string", "minLength": 1, "maxLength": 256
                    },
                    "contains": {
                      "description": "A text that one of the messages has.",
                      "type": "string", "minLength": 1, "maxLength": 100000
                    },
                    "regex": {
                      "description": "What is found in one of the messages, in RE2 syntax.",
                      "type": "string", "minLength": 1, "maxLength": 1000
                    },
                    "tenant": {
                      "description": "Who asks.",
                      "type": "string", "minLength": 1, "maxLength": 256
                    }
                  }
                },
                "respond": {
                  "description": "A completion. Texts may have {prompt}, {model}, {provider}, {tenant} and {request_id} in them.",
                  "type": "object",
                  "additionalProperties": false,
                  "anyOf": [{"required": ["text"]}, {"required": ["tool_calls"]}],
                  "properties": {
                    "text": {
                      "description": "What it says.",
                      "type": "string", "minLength": 1, "maxLength": 100000
                    },
                    "tool_calls": {
                      "description": "What it calls.",
                      "type": "array", "minItems": 1, "maxItems": 16,
                      "items": {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["name"],
                        "properties": {
                          "name": {
                            "description": "The function.",
                            "type": "string", "minLength": 1, "maxLength": 256
                          },
                          "arguments": {
                            "description": "Its arguments as JSON text.",
                            "type": "string", "minLength": 1, "maxLength": 100000
                          }
                        }
                      }
                    },
                    "finish_reason": {
                      "description": "Why it ended; stop, or tool_calls where it calls some.",
                      "type": "string", "minLength": 1, "maxLength": 64
                    },
                    "model": {
                      "description": "The model it names; the target's where it is not given.",
                      "type": "string", "minLength": 1, "maxLength": 256
                    },
                    "prompt_tokens": {
                      "description": "Tokens as if used; a quarter of the characters where it is not given.",
                      "type": "integer", "minimum": 0, "maximum": 1000000000
                    },
                    "completion_tokens": {
                      "description": "Tokens as if used; a quarter of the characters where it is not given.",
                      "type": "integer", "minimum": 0, "maximum": 1000000000
                    }
                  }
                },
                "error": {
                  "description": "An error.",
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["code"],
                  "properties": {
                    "code": {
                      "description": "One of the pipeline's own, such as upstream_timeout, or any other.",
                      "type": "string", "minLength": 1, "maxLength": 64
                    },
                    "message": {
                      "description": "What it says; a template like a text.",
                      "type": "string", "minLength": 1, "maxLength": 1000
                    },
                    "status": {
                      "description": "The HTTP status; the code's own where it is not given.",
                      "type": "integer", "minimum": 400, "maximum": 599
                    },
                    "retry_after": {
                      "description": "When to try again, such as 5s.",
                      "type": "string", "pattern": "^[0-9]{1,9}(ms|s|m|h|d)$"
                    },
                    "allow_fallbacks": {
                      "description": "Whether a fallback is tried; left to the code where it is not given.",
                      "type": "boolean"
                    }
                  }
                },
                "delay": {
                  "description": "How long the reply takes, such as 50ms, at most 10m; in steps of 100 ms.",
                  "type": "string", "pattern": "^[0-9]{1,9}(ms|s|m|h|d)$"
                },
                "probability": {
                  "description": "The share of fitting attempts that it applies to; the others go on to the next rule.",
                  "type": "number", "minimum": 0, "maximum": 1, "default": 1
                },
                "seed": {
                  "description": "Another one draws other lots.",
                  "type": "integer", "default": 0
                }
              }
            }
          }
        }
      }
      """;

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of("mock", "Replies by rules in the provider's place, for tests.")
        .onError(OnError.FAIL)
        .configSchema(SCHEMA)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    Settings settings = Settings.of(config, "otherwise", "rules");
    List<Rule> rules =
        settings.sections("rules", MAX_RULES, RuleSettings.KEYS).stream()
            .map(RuleSettings::rule)
            .toList();
    boolean pass = settings.oneOf("otherwise", Otherwise.PASS) == Otherwise.PASS;
    return new MockHook(rules, pass, environment.meters());
  }
}
