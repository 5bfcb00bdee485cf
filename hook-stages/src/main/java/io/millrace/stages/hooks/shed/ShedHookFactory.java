package io.millrace.stages.hooks.shed;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import java.util.Map;
import java.util.UUID;

/** Creates the {@code shed} hook; the folder's README has its configuration. */
public final class ShedHookFactory implements HookFactory {

  private static final String SCHEMA =
      """
      {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "max_queue_delay": {
            "description": "How long requests may wait for the home stage, such as 2s; 1ms to 24h.",
            "type": "string", "pattern": "^[0-9]{1,9}(ms|s|m|h|d)$"
          },
          "max_oldest": {
            "description": "How old the oldest exchange under way may be, such as 90s; 1ms to 24h.",
            "type": "string", "pattern": "^[0-9]{1,9}(ms|s|m|h|d)$"
          },
          "max_open": {
            "description": "How many exchanges may be under way in one process.",
            "type": "integer", "minimum": 1, "maximum": 1000000000
          },
          "action": {
            "description": "What becomes of what is left out.",
            "enum": ["refuse", "park"], "default": "refuse"
          },
          "levels": {
            "description": "At which multiple of a bound each is left out; they must rise.",
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "background": {
                "description": "Requests that hooks send of their own accord; 0.5 by default.",
                "type": "number", "minimum": 0.01, "maximum": 1000
              },
              "batch": {
                "description": "Lane batch; 1 by default.",
                "type": "number", "minimum": 0.01, "maximum": 1000
              },
              "standard": {
                "description": "Lane standard; 2 by default.",
                "type": "number", "minimum": 0.01, "maximum": 1000
              },
              "interactive": {
                "description": "Lane interactive; 4 by default.",
                "type": "number", "minimum": 0.01, "maximum": 1000
              }
            }
          },
          "resume_at": {
            "description": "A level ends below its multiple times this.",
            "type": "number", "minimum": 0.01, "maximum": 1, "default": 0.7
          },
          "hold": {
            "description": "How long it must have been below, such as 5s; at most 1h.",
            "type": "string", "pattern": "^[0-9]{1,9}(ms|s|m|h|d)$", "default": "5s"
          },
          "retry_after": {
            "description": "What refused callers are told, and about how long what is parked waits; 100ms to 1h.",
            "type": "string", "pattern": "^[0-9]{1,9}(ms|s|m|h|d)$", "default": "5s"
          }
        }
      }
      """;

  /** How events tell this process from others: each has a load of its own. */
  private static final String PROCESS = UUID.randomUUID().toString().substring(0, 8);

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(
            "shed", "Refuses or parks what matters least while the pipeline is overloaded.")
        .configSchema(SCHEMA)
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    ShedSettings settings = ShedSettings.of(config);
    OverloadWatch watch =
        new OverloadWatch(
            environment.load(),
            settings,
            environment.clock(),
            environment.events(),
            environment.meters(),
            PROCESS);
    return new ShedHook(watch, settings, environment.meters());
  }
}
