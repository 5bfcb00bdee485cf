package io.millrace.schemas.access;

import io.millrace.plugin.model.Target;
import java.util.Set;

/** Which models the list of a credential names. */
public final class ModelRights {

  private static final String ANY_MODEL = "*";

  private ModelRights() {}

  /**
   * Whether a list reaches a target; an empty one reaches all. An entry with a slash always names
   * its provider, so no provider's model passes for another's.
   */
  public static boolean reach(Set<String> models, Target target) {
    String bare = target.model();
    return models.isEmpty()
        || models.contains(target.provider() + "/" + bare)
        || models.contains(target.provider() + "/" + ANY_MODEL)
        || (bare.indexOf('/') < 0 && models.contains(bare));
  }
}
