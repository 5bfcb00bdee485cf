package io.millrace.stages.hooks.validate;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.OnError;
import java.util.Map;

/** Creates the {@code validate} hook; the folder's README has its configuration. */
public final class ValidateHookFactory implements HookFactory {

  private static final String SCHEMA =
      """
      {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "max_messages": {
            "description": "Messages of a request.",
            "type": "integer", "minimum": 1, "maximum": 100000, "default": 1000
          },
          "max_characters": {
            "description": "Text of all messages together, tool calls included, in characters.",
            "type": "integer", "minimum": 1, "maximum": 100000000, "default": 2000000
          },
          "max_message_characters": {
            "description": "Text of one message, in characters.",
            "type": "integer", "minimum": 1, "maximum": 100000000, "default": 2000000
          },
          "max_tools": {
            "description": "Tools of a request.",
            "type": "integer", "minimum": 0, "maximum": 10000, "default": 128
          },
          "max_stop_sequences": {
            "description": "Stop sequences of a request.",
            "type": "integer", "minimum": 0, "maximum": 1000, "default": 16
          },
          "max_json_depth": {
            "description": "How deep objects and lists may lie in each other, wherever JSON is sent.",
            "type": "integer", "minimum": 1, "maximum": 1000, "default": 32
          },
          "role_order": {
            "description": "any; tools: a tool message answers a call made before it; strict: beyond that, system messages first, calls answered at once, the last word not the assistant's.",
            "enum": ["any", "tools", "strict"], "default": "tools"
          },
          "control_characters": {
            "description": "What becomes of control characters in requests.",
            "enum": ["refuse", "strip", "allow"], "default": "strip"
          },
          "clean_replies": {
            "description": "Whether control characters are taken out of replies and their chunks.",
            "type": "boolean", "default": true
          },
          "max_reply_characters": {
            "description": "The text of a reply is cut here; 0 for no bound.",
            "type": "integer", "minimum": 0, "maximum": 100000000, "default": 0
          },
          "characters_per_token": {
            "description": "By which the tokens of a prompt are estimated.",
            "type": "number", "minimum": 0.5, "maximum": 10, "default": 4
          },
          "models": {
            "description": "What models can do, by name: provider/model or model, * for any characters; the most telling name counts.",
            "type": "object",
            "maxProperties": 1000,
            "additionalProperties": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "max_input_tokens": {
                  "description": "The longest prompt, estimated.",
                  "type": "integer", "minimum": 1, "maximum": 1000000000
                },
                "max_output_tokens": {
                  "description": "The most that max_tokens may ask for.",
                  "type": "integer", "minimum": 1, "maximum": 1000000000
                },
                "vision": {
                  "description": "Whether it takes images.",
                  "type": "boolean", "default": true
                },
                "tools": {
                  "description": "Whether it calls tools.",
                  "type": "boolean", "default": true
                }
              }
            }
          }
        }
      }
      """;

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(
            "validate",
            "Refuses requests with faults, naming the field, and takes control characters out of"
                + " replies.")
        .onError(OnError.FAIL)
        .configSchema(SCHEMA)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    return new ValidateHook(ValidateSettings.of(config), environment.meters());
  }
}
