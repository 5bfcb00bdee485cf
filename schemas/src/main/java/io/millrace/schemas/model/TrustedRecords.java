package io.millrace.schemas.model;

import io.millrace.schemas.avro.CompletionRequest;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Tells Avro that the records generated here may be made from a schema. From 1.12.2 on, Avro makes
 * no class that a schema names unless somebody vouches for it; the other way to do so is the system
 * property {@code org.apache.avro.SERIALIZABLE_PACKAGES}. Only the package of the generated records
 * is added to what is trusted already.
 */
public final class TrustedRecords {

  private static final String PACKAGE = CompletionRequest.class.getPackageName();

  static {
    ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
    ClassSecurityPredicate ours = type -> type.getPackageName().equals(PACKAGE);
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(before, ours));
  }

  private TrustedRecords() {}

  /**
   * Vouches for the records, once per process. The translations and serdes of this module call it
   * on their own; code that uses the records before them calls it first. Thread-safe.
   */
  public static void trust() {
    // The class's initializer has done it.
  }
}
